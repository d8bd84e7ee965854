package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.DatabaseException.Kind;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Work about two agents in one transaction. */
class SharedTransactionTest extends DatabaseTest {
  private static final NewCustomer ADA = new NewCustomer("Ada", "15550100");

  private TenantScope coffee;
  private TenantScope bikes;

  @BeforeEach
  void makeAgents() {
    coffee = newTenant();
    bikes = newTenant();
  }

  @Test
  void bothAreChangedOrNeither() {
    IOException failure = new IOException("checked");
    assertThat(
            catchThrowable(
                () ->
                    crm.transaction(
                        tx -> {
                          createInBoth(tx);
                          throw failure;
                        })))
        .isSameAs(failure);
    assertThat(counts()).containsExactly(0L, 0L);

    crm.transaction(tx -> createInBoth(tx));
    assertThat(counts()).containsExactly(1L, 1L);
  }

  @Test
  void nobodyElseSeesItBefore() {
    crm.transaction(
        tx -> {
          createInBoth(tx);
          assertThat(counts()).containsExactly(0L, 0L);
          return null;
        });
  }

  @Test
  void eachStatementActsAsItsOwnActor() {
    crm.transaction(
        tx -> {
          TenantScope inCoffee = tx.asAgent(coffee.prefix());
          TenantScope inBikes = tx.asAgent(bikes.prefix());
          Customer ada = inCoffee.customers().create(ADA);
          assertThat(inBikes.dsl().fetchCount(inCoffee.tables().customers())).isZero();
          assertThat(inCoffee.customers().find(ada.id())).contains(ada);
          assertThat(tx.asService().tenant(coffee.prefix()).customers().find(ada.id()))
              .contains(ada);
          assertThat(role(inBikes)).isEqualTo("authenticated");
          assertThat(role(tx.asService().tenant(bikes.prefix()))).isEqualTo("service_role");
          return null;
        });
  }

  @Test
  void agentsAndUsersTakePartToo() {
    String email = coffee.prefix() + "@example.com";
    IllegalStateException failure = new IllegalStateException("unchecked");
    assertThat(
            catchThrowable(
                () ->
                    crm.transaction(
                        tx -> {
                          User user =
                              tx.asService()
                                  .users()
                                  .create(new NewUser("Eve", email, UserRole.AGENT));
                          Agent agent =
                              tx.asService()
                                  .agents()
                                  .create(user.id(), coffee.prefix() + "x", admin.id());
                          tx.asAgent(agent.prefix()).customers().create(ADA);
                          throw failure;
                        })))
        .isSameAs(failure);
    assertThat(crm.asService().users().findByEmail(email)).isEmpty();
    assertThat(crm.asService().agents().findByPrefix(coffee.prefix() + "x")).isEmpty();
  }

  @Test
  void aTransactionWithinIsASavepoint() {
    crm.transaction(
        tx -> {
          tx.asAgent(coffee.prefix()).customers().create(ADA);
          Thrown.invalid(
              InvalidDataException.Kind.CURSOR,
              () ->
                  tx.transaction(
                      inner -> {
                        createInBoth(inner);
                        return inner
                            .asService()
                            .agents()
                            .list(PageRequest.first(1).after(Cursor.parse("AAAA")));
                      }));
          assertThatThrownBy(
                  () ->
                      tx.transaction(
                          inner -> inner.asAgent(bikes.prefix()).messages().recordInbound(-1, "?")))
              .isInstanceOf(NotFoundException.class);
          return tx.asAgent(bikes.prefix())
              .transaction(scope -> scope.customers().create(ADA).id());
        });
    assertThat(counts()).containsExactly(1L, 1L);
  }

  @Test
  void inAHostsTransactionItIsASavepointToo() throws SQLException {
    try (Connection host = pool.getConnection()) {
      host.setAutoCommit(false);
      Crm inHost =
          Crm.builder(DSL.using(host, SQLDialect.POSTGRES)).schema(Installed.SCHEMA).build();
      inHost.transaction(tx -> createInBoth(tx));
      assertThatThrownBy(
              () ->
                  inHost.transaction(
                      tx -> {
                        createInBoth(tx);
                        throw new IllegalStateException();
                      }))
          .isInstanceOf(IllegalStateException.class);
      assertThat(inHost.asAgent(coffee.prefix()).customers().count()).isOne();
      host.rollback();
    }
    assertThat(counts()).containsExactly(0L, 0L);
  }

  @Test
  void aFailureThatIsSwallowedDoesNotLookLikeSuccess() {
    Thrown.database(
        Kind.OTHER,
        () ->
            crm.transaction(
                tx -> {
                  createInBoth(tx);
                  catchThrowable(
                      () -> tx.asAgent(bikes.prefix()).messages().recordInbound(-1, "?"));
                  return null;
                }));
    assertThat(counts()).containsExactly(0L, 0L);
  }

  @Test
  void importsAndStreamsTakePart() {
    crm.transaction(
        tx -> {
          TenantScope inCoffee = tx.asAgent(coffee.prefix());
          TenantScope service = tx.asService().tenant(bikes.prefix());
          inCoffee.customers().importAll(Stream.of(ADA, ADA).iterator());
          service.customers().importAll(Stream.of(ADA, ADA, ADA).iterator());
          try (Stream<Customer> all = inCoffee.customers().stream()) {
            assertThat(all).hasSize(2);
          }
          try (Stream<Customer> all = service.customers().stream()) {
            assertThat(all).hasSize(3);
          }
          assertThat(counts()).containsExactly(0L, 0L);
          return null;
        });
    assertThat(counts()).containsExactly(2L, 3L);
  }

  @Test
  void onePooledConnectionIsEnoughAndGoesBackAsItCame() throws SQLException {
    try (HikariDataSource one = pool(1)) {
      Crm small = crm(one);
      small.transaction(tx -> createInBoth(tx));
      catchThrowable(
          () ->
              small.transaction(
                  tx -> {
                    createInBoth(tx);
                    throw new IllegalStateException();
                  }));
      assertThat(small.asAgent(coffee.prefix()).customers().count()).isOne();
      try (Connection connection = one.getConnection()) {
        assertThat(connection.getAutoCommit()).isTrue();
        assertThat(DSL.using(connection).fetchValue("select current_setting('role')"))
            .isEqualTo("none");
      }
    }
  }

  @Test
  void whatWasHandedInIsOfNoUseAfterIt() {
    AtomicReference<Crm> kept = new AtomicReference<>();
    crm.transaction(
        tx -> {
          kept.set(tx);
          return null;
        });
    assertThatThrownBy(() -> kept.get().asAgent(coffee.prefix()).customers().count())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("over");
  }

  @Test
  void aScopeThatOnlyReadsDoesNotMakeTheTransactionReadOnly() {
    crm.transaction(
        tx -> {
          Thrown.refused(
              RefusedException.Reason.TRANSACTION_OPEN,
              () -> tx.asAgent(coffee.prefix()).readOnly().customers().count());
          return createInBoth(tx);
        });
    assertThat(counts()).containsExactly(1L, 1L);
  }

  private int createInBoth(Crm tx) {
    tx.asAgent(coffee.prefix()).customers().create(ADA);
    return tx.asAgent(bikes.prefix()).customers().create(ADA).id();
  }

  private List<Long> counts() {
    return List.of(coffee.customers().count(), bikes.customers().count());
  }

  private static Object role(TenantScope scope) {
    return scope.dsl().fetchValue("select current_setting('role')");
  }
}
