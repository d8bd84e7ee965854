package dev.dovetable.core.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException.Reason;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.Concurrently;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.testkit.server.Background;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** What a scope does that was opened before its agent was changed. */
class AgentChangesTest extends DatabaseTest {

  @Test
  void anAgentMadeAgainUnderItsPrefixIsTheOneThatIsUsed() {
    Agent first = newAgent();
    TenantScope scope = crm.asAgent(first.prefix());
    scope.customers().create(new NewCustomer("Ada", "15550100"));
    crm.asService().agents().delete(first.id());

    Agent second = newAgent(first.prefix());

    assertThat(scope.agentId()).isEqualTo(second.id());
    assertThat(scope.customers().count()).isZero();
    scope.customers().create(new NewCustomer("Bo", "15550101"));
    scope.messages().recordInboundFrom("15550102", "Cy", "hi", Instant.now());
    assertThat(scope.customers().count()).isEqualTo(2);
  }

  @Test
  void anAgentThatIsGivenToAnotherUserIsFollowed() {
    Agent agent = newAgent();
    TenantScope scope = crm.asAgent(agent.prefix());
    User former = crm.asService().users().find(agent.userId().orElseThrow()).orElseThrow();
    Customer ada = scope.customers().create(new NewCustomer("Ada", "15550100"));

    User next = newUser(UserRole.AGENT);
    crm.asService().agents().assign(agent.id(), next.id());

    assertThat(scope.customers().find(ada.id())).contains(ada);
    assertThat(whoActs(scope)).isEqualTo(next.id().toString());
    assertThat(crm.as(Actor.user(former.id())).tenant(agent.prefix()).customers().find(ada.id()))
        .isEmpty();
  }

  @Test
  void anAgentWhoseUserWasDeletedHasNobodyToActAs() {
    Agent agent = newAgent();
    TenantScope scope = crm.asAgent(agent.prefix());
    scope.customers().count();
    crm.asService().users().delete(agent.userId().orElseThrow());

    Thrown.refused(Reason.AGENT_WITHOUT_USER, () -> scope.customers().count());
    Thrown.refused(
        Reason.AGENT_WITHOUT_USER, () -> scope.transaction(tx -> tx.customers().count()));
    Thrown.refused(
        Reason.AGENT_WITHOUT_USER,
        () -> crm.transaction(tx -> tx.asAgent(agent.prefix()).orders().totalsByStatus()));
    assertThat(crm.asService().tenant(agent.prefix()).customers().count()).isZero();
  }

  @Test
  void aDeletedAgentIsUnknownWhereverTheStatementIs() throws SQLException {
    Agent agent = newAgent();
    crm.asService().agents().delete(agent.id());
    for (Function<String, TenantScope> any : everyForm(crm)) {
      TenantScope scope = any.apply(agent.prefix());
      unknown(() -> scope.customers().count());
      unknown(() -> scope.agentId());
      unknown(() -> scope.customers().importAll(Collections.emptyIterator()));
      unknown(() -> scope.transaction(tx -> tx.customers().count()));
      unknown(() -> scope.transaction(tx -> tx.transaction(inner -> inner.customers().count())));
      unknown(() -> scope.readOnly().customers().count());
    }
    for (int form = 0; form < everyForm(crm).size(); form++) {
      int one = form;
      unknown(
          () ->
              crm.transaction(
                  tx -> everyForm(tx).get(one).apply(agent.prefix()).customers().count()));
    }
    try (Connection host = pool.getConnection()) {
      host.setAutoCommit(false);
      Crm inHost =
          Crm.builder(DSL.using(host, SQLDialect.POSTGRES)).schema(Installed.SCHEMA).build();
      unknown(() -> inHost.asAgent(agent.prefix()).customers().count());
      host.rollback();
    }
  }

  /** Neither waits for the other for ever: the statement holds nothing that the deletion needs. */
  @Test
  void aStatementThatMeetsTheDeletionOfItsAgentWaitsAndFindsItUnknown() throws Exception {
    for (Function<String, TenantScope> any : everyForm(crm)) {
      Agent agent = newAgent();
      TenantScope scope = any.apply(agent.prefix());
      scope.customers().count();
      CompletableFuture<Long> waiting;
      try (Connection host = pool.getConnection()) {
        host.setAutoCommit(false);
        Crm.builder(DSL.using(host, SQLDialect.POSTGRES))
            .schema(Installed.SCHEMA)
            .build()
            .asService()
            .agents()
            .delete(agent.id());
        waiting = Background.call(() -> scope.customers().count());
        database.awaitLockWait();
        host.commit();
      }

      assertThatThrownBy(() -> waiting.get(2, TimeUnit.MINUTES))
          .hasCauseInstanceOf(UnknownAgentException.class);
    }
  }

  /** Traffic on an agent that is deleted never sees a deadlock or a missing table. */
  @Test
  void busyAgentsAreDeletedWithoutAnyOtherFailure() throws Exception {
    List<String> failures =
        Concurrently.run(
            4,
            thread -> {
              Set<String> seen = new TreeSet<>();
              for (int round = 0; round < 4; round++) {
                Agent agent = newAgent();
                TenantScope scope = crm.asAgent(agent.prefix());
                List<CompletableFuture<Void>> traffic =
                    IntStream.range(0, 4)
                        .mapToObj(n -> Background.run(() -> useUntilGone(scope)))
                        .toList();
                crm.asService().agents().delete(agent.id());
                for (CompletableFuture<Void> one : traffic) {
                  seen.add(String.valueOf(catchThrowable(one::join).getCause().getClass()));
                }
              }
              return String.join(",", seen);
            });

    assertThat(failures).containsOnly(UnknownAgentException.class.toString());
  }

  private static void useUntilGone(TenantScope scope) {
    while (true) {
      scope.messages().recordInboundFrom("15550100", "Ada", "hi", Instant.EPOCH);
      scope.transaction(tx -> tx.conversations().latest(PageRequest.first(5)));
    }
  }

  private static void unknown(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(UnknownAgentException.class);
  }

  private static Object whoActs(TenantScope scope) {
    return scope.dsl().fetchValue("select current_setting('request.jwt.claims')::json ->> 'sub'");
  }
}
