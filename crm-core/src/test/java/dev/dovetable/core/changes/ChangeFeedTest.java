package dev.dovetable.core.changes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.users.UserRole;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

class ChangeFeedTest extends FeedTest {

  @Test
  void tellsIdsAndCustomersOfWhatWasCommitted() {
    TenantScope shop = newTenant();
    ChangeCursor start = shop.changes().now();
    int ada = shop.customers().create(new NewCustomer("Ada", "491")).id();
    int message = shop.messages().recordInbound(ada, "Hello").id();

    List<Change> changes = since(shop.changes(), start);

    assertThat(changes)
        .extracting(Change::topic, Change::operation, Change::ids, Change::customerIds)
        .containsExactly(
            tuple(ChangeFeed.CUSTOMERS, ChangeOperation.INSERT, ada, ada),
            tuple(ChangeFeed.MESSAGES, ChangeOperation.INSERT, message, ada));
    assertThat(changes.get(0).agent()).contains(shop.prefix());
    assertThat(changes.get(0).agentId()).isEqualTo(shop.agentId());
    assertThat(changes.toString()).doesNotContain("Ada").doesNotContain("Hello");
  }

  private static org.assertj.core.groups.Tuple tuple(
      String topic, ChangeOperation operation, int id, int customer) {
    return org.assertj.core.groups.Tuple.tuple(
        topic, operation, List.of((long) id), List.of(customer));
  }

  @Test
  void tellsNothingOfWhatWasRolledBack() {
    TenantScope shop = newTenant();
    int ada = shop.customers().create(new NewCustomer("Ada", "492")).id();
    ChangeCursor start = shop.changes().now();
    assertThatThrownBy(
            () ->
                shop.transaction(
                    inner -> {
                      inner.messages().recordInbound(ada, "no");
                      throw new IllegalStateException();
                    }))
        .isInstanceOf(IllegalStateException.class);
    long kept =
        shop.transaction(
            inner -> {
              assertThatThrownBy(
                      () ->
                          inner.transaction(
                              savepoint -> {
                                savepoint.messages().recordInbound(ada, "no");
                                throw new IllegalStateException();
                              }))
                  .isInstanceOf(IllegalStateException.class);
              return inner.transaction(
                  savepoint -> savepoint.messages().recordInbound(ada, "yes").id());
            });

    assertThat(since(shop.changes(), start)).extracting(Change::ids).containsExactly(List.of(kept));
  }

  /** A transaction that is open for long keeps nobody else waiting, and isn't forgotten. */
  @Test
  void aTransactionThatStaysOpenComesLate() throws Exception {
    TenantScope shop = newTenant();
    TenantScope other = newTenant();
    int ada = shop.customers().create(new NewCustomer("Ada", "493")).id();
    int bob = other.customers().create(new NewCustomer("Bob", "494")).id();
    ChangeCursor start = all().now();
    try (Connection open = database.dataSource().getConnection()) {
      open.setAutoCommit(false);
      DSL.using(open)
          .execute(
              "insert into crm.%s_messages (customer_id, message, direction) values (?, 'late', 'inbound')"
                  .formatted(shop.prefix()),
              ada);
      int early = other.messages().recordInbound(bob, "early").id();

      ChangePage page = all().read(start, 10);
      assertThat(page.changes()).extracting(Change::ids).containsExactly(List.of((long) early));
      open.commit();

      assertThat(since(all(), page.next()))
          .extracting(Change::agentId)
          .containsExactly(shop.agentId());
    }
  }

  @Test
  void anAgentsUserSeesItsOwnAlone() {
    Agent agent = newAgent();
    TenantScope shop = crm.asAgent(agent.prefix());
    UUID stranger = newAgent().userId().orElseThrow();
    UUID member = newUser(UserRole.AGENT).id();
    crm.asService().agents().members(agent.prefix()).add(member);
    ChangeCursor start = all().now();
    shop.customers().create(new NewCustomer("Ada", "495"));
    newTenant().customers().create(new NewCustomer("Bob", "496"));

    assertThat(since(shop.changes(), start)).hasSize(1);
    assertThat(since(shop.readOnly().changes(), start)).hasSize(1);
    assertThat(since(crm.as(Actor.user(member)).tenant(shop.prefix()).changes(), start)).hasSize(1);
    assertThat(since(all(), start)).hasSize(2);
    TenantScope foreign = crm.as(Actor.user(stranger)).tenant(shop.prefix());
    assertThat(since(foreign.changes(), start)).isEmpty();
    assertThat(foreign.dsl().fetchCount(DSL.table("crm_private.changes"), DSL.condition("true")))
        .isZero();
    assertThatThrownBy(() -> crm.as(Actor.user(stranger)).changes().now())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> foreign.changes().consumer("mine").take(1))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> shop.changes().rotate()).isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void tellsThatAnAgentIsGone() {
    Agent agent = newAgent();
    TenantScope shop = crm.asAgent(agent.prefix());
    ChangeCursor start = all().now();
    shop.changes().consumer("mine").take(1);
    crm.asService().agents().delete(agent.id());

    assertThat(since(all(), start))
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.topic()).isEqualTo(ChangeFeed.AGENTS);
              assertThat(change.operation()).isEqualTo(ChangeOperation.DELETE);
              assertThat(change.ids()).containsExactly(agent.id());
              assertThat(change.agent()).isEqualTo(Optional.empty());
            });
    assertThatThrownBy(() -> shop.changes().now()).isInstanceOf(UnknownAgentException.class);
    assertThat(
            superuser(
                "select name from crm_private.change_consumers where agent_id = " + agent.id()))
        .isEmpty();
  }

  @Test
  void tellsWhatBecomesOfMessages() {
    TenantScope shop = newTenant();
    int ada = shop.customers().create(new NewCustomer("Ada", "497")).id();
    ChangeCursor start = shop.changes().now();
    int message = shop.deliveries().record(NewMessage.outbound(ada, "Hello"), "wamid.feed").id();
    ChangeCursor sent = shop.changes().now();
    assertThat(since(shop.changes(), start))
        .extracting(Change::topic)
        .containsExactlyInAnyOrder(ChangeFeed.MESSAGES, ChangeFeed.DELIVERIES);

    // As callbacks write it; of the second one nobody knows the message.
    String statuses =
        "insert into crm." + shop.prefix() + "_whatsapp_statuses (provider_id, read_at)";
    asSuperuser(statuses + " values ('wamid.feed', now()), ('wamid.unknown', now())");

    assertThat(since(shop.changes(), sent))
        .extracting(Change::topic, Change::operation, Change::ids, Change::customerIds)
        .containsExactly(tuple(ChangeFeed.DELIVERIES, ChangeOperation.INSERT, message, ada));
  }

  @Test
  void saysWhereItIsNotRegistered() {
    Agent agent = newAgent();
    asSuperuser(
        "alter table crm_private.agent_versions disable trigger user; delete from"
            + " crm_private.agent_versions where extension = 'change_feed' and agent_id = "
            + agent.id()
            + "; alter table crm_private.agent_versions enable trigger user");

    assertThatThrownBy(() -> crm.asAgent(agent.prefix()).changes().now())
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(RefusedException.Reason.CHANGES_NOT_REGISTERED);
              assertThat(e.problem()).contains(agent.prefix());
            });
  }

  @Test
  void needsTransactionsThatSeeWhatOthersCommit() throws Exception {
    try (Connection connection = pool.getConnection()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      dev.dovetable.core.Crm host =
          dev.dovetable.core.Crm.builder(DSL.using(connection)).schema(Installed.SCHEMA).build();
      assertThatThrownBy(() -> host.asService().changes().now())
          .isInstanceOfSatisfying(
              RefusedException.class,
              e -> assertThat(e.reason()).isEqualTo(RefusedException.Reason.NOT_READ_COMMITTED));
      connection.rollback();
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    }
  }

  @Test
  void aCursorIsItsText() {
    ChangeCursor cursor = all().now();
    assertThat(ChangeCursor.parse(cursor.toString())).isEqualTo(cursor).hasSameHashCodeAs(cursor);
    assertThatThrownBy(() -> ChangeCursor.parse(cursor + "A"))
        .isInstanceOf(InvalidDataException.class);
    String elsewhere = cursor.place().replaceFirst("^[0-9]+", "7");
    assertThatThrownBy(() -> all().read(ChangeCursor.at(elsewhere), 1))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(RefusedException.Reason.CHANGES_LOST));
    assertThatThrownBy(() -> all().read(cursor, 0)).isInstanceOf(InvalidDataException.class);
    assertThat(UTF_8.encode(cursor.toString()).remaining()).isPositive();
  }
}
