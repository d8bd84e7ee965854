package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.InvalidDataException.Kind;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.CustomerRepository;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Thrown;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionTest extends DatabaseTest {
  private TenantScope tenant;

  @BeforeEach
  void makeAgent() {
    tenant = newTenant();
  }

  @Test
  void allIsDoneAndTheResultComesBack() {
    TenantScope another = crm.asAgent(tenant.prefix());
    Customer ada =
        tenant.transaction(
            tx -> {
              Customer customer = tx.customers().create(new NewCustomer("Ada", "1"));
              tx.messages().recordInbound(customer.id(), "hello");
              assertThat(another.customers().find(customer.id())).isEmpty();
              return customer;
            });
    assertThat(tenant.customers().find(ada.id())).contains(ada);
    assertThat(tenant.messages().timeline(ada.id(), PageRequest.first(9)).items()).hasSize(1);
  }

  /** It would run beside it, unnoticed: not rolled back with it, and blind to what it did. */
  @Test
  void theScopeItselfIsRefusedInsideItsOwnTransaction() {
    CustomerRepository before = tenant.customers();
    for (ThrowingCallable use :
        List.<ThrowingCallable>of(
            () -> tenant.customers().create(new NewCustomer("Ada", "1")),
            () -> before.create(new NewCustomer("Ada", "1")),
            () -> tenant.dsl().fetch("select 1"),
            () -> tenant.transaction(inner -> inner.customers().count()))) {
      tenant.transaction(
          tx -> {
            tx.transaction(
                nested -> {
                  assertThatThrownBy(use)
                      .isInstanceOf(IllegalStateException.class)
                      .hasMessageContaining("agent " + tenant.prefix())
                      .hasMessageContaining("the scope that transaction(…) hands in");
                  return null;
                });
            return tx.customers().create(new NewCustomer("Bo", "2"));
          });
    }
    assertThat(customers()).hasSize(4).doesNotContain("Ada");
    tenant.customers().create(new NewCustomer("Ada", "1"));
  }

  @Test
  void nullIsAResultToo() {
    assertThat(tenant.<Void, RuntimeException>transaction(tx -> null)).isNull();
  }

  @Test
  void whatTheWorkThrowsComesBackUnchangedAndNothingIsDone() {
    List<Throwable> failures =
        List.of(
            new IOException("checked"),
            new IllegalStateException("unchecked"),
            new DataAccessException("jOOQ's", new IOException()),
            new OutOfMemoryError("error"));
    for (Throwable failure : failures) {
      assertThat(
              catchThrowable(
                  () ->
                      tenant.transaction(
                          tx -> {
                            tx.customers().create(new NewCustomer("Ada", "1"));
                            if (failure instanceof Error error) {
                              throw error;
                            }
                            throw (Exception) failure;
                          })))
          .isSameAs(failure);
    }
    assertThat(customers()).isEmpty();
  }

  @Test
  void failureThatIsSwallowedDoesNotLookLikeSuccess() {
    Thrown.database(
        DatabaseException.Kind.OTHER,
        () ->
            tenant.transaction(
                tx -> {
                  tx.customers().create(new NewCustomer("Ada", "1"));
                  catchThrowable(() -> tx.messages().recordInbound(4711, "x"));
                  return null;
                }));
    assertThat(customers()).isEmpty();
  }

  @Test
  void statementsAfterAFailureSayWhatIsWrong() {
    assertThatThrownBy(
            () ->
                tenant.transaction(
                    tx -> {
                      catchThrowable(() -> tx.messages().recordInbound(4711, "x"));
                      return tx.customers().find(1);
                    }))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("a statement in it had failed before");
  }

  @Test
  void statementsOfOneTransactionSeeTheSameConnection() {
    tenant.transaction(
        tx -> {
          int one = pid(tx);
          assertThat(pid(tx)).isEqualTo(one);
          assertThat(tx.<Integer, RuntimeException>transaction(TransactionTest::pid))
              .isEqualTo(one);
          tx.dsl()
              .transaction(
                  inner ->
                      assertThat(inner.dsl().fetchValue("select pg_backend_pid()")).isEqualTo(one));
          return null;
        });
  }

  @Test
  void whatWasHandedInIsOfNoUseAfterIt() {
    AtomicReference<TenantScope> committed = new AtomicReference<>();
    AtomicReference<TenantScope> undone = new AtomicReference<>();
    AtomicReference<TenantScope> within = new AtomicReference<>();
    tenant.transaction(
        tx -> {
          committed.set(tx);
          tx.transaction(
              inner -> {
                within.set(inner);
                return null;
              });
          assertIsOver(within.get());
          return tx.customers().create(new NewCustomer("Ada", "1"));
        });
    catchThrowable(
        () ->
            tenant.transaction(
                tx -> {
                  undone.set(tx);
                  throw new IllegalStateException();
                }));

    assertIsOver(committed.get());
    assertIsOver(undone.get());
    assertThat(customers()).containsExactly("Ada");
  }

  private static void assertIsOver(TenantScope kept) {
    List<ThrowingCallable> uses =
        List.of(
            () -> kept.customers().create(new NewCustomer("Bo", "2")),
            () -> kept.dsl().fetch("select 1"),
            () -> kept.transaction(tx -> tx.customers().count()));
    assertThat(uses)
        .allSatisfy(
            use ->
                assertThatThrownBy(use)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("The transaction is over"));
  }

  @Test
  void findOrCreateTakesPartInTheTransaction() {
    catchThrowable(
        () ->
            tenant.transaction(
                tx -> {
                  tx.customers().findOrCreateByPhone("1", "Ada");
                  throw new IllegalStateException();
                }));
    assertThat(customers()).isEmpty();
  }

  @Test
  void onePooledConnectionIsEnoughForEverything() {
    try (var one = pool(1)) {
      TenantScope scope = crm(one).asAgent(tenant.prefix());
      scope.transaction(
          tx -> {
            Customer ada = tx.customers().findOrCreateByPhone("1", "Ada");
            tx.transaction(inner -> inner.messages().recordInbound(ada.id(), "x"));
            assertThat(tx.agentId()).isEqualTo(tenant.agentId());
            return null;
          });
      scope.messages().recordInboundFrom("2", "Bo", "x", Instant.now());
      assertThat(customers()).containsExactly("Bo", "Ada");
    }
  }

  @Test
  void jooqTransactionsOfAScopeRunAsItsActorToo() {
    AtomicReference<String> role = new AtomicReference<>();
    tenant
        .dsl()
        .transaction(tx -> role.set((String) tx.dsl().fetchValue("select current_user::text")));
    assertThat(role).hasValue("authenticated");
  }

  /** Whoever commits by hand goes on as the same actor. */
  @Test
  void commitOnTheConnectionDoesNotEndTheRole() {
    tenant
        .dsl()
        .connection(
            connection -> {
              try (var statement = connection.createStatement()) {
                statement.execute("select 1");
              }
              connection.commit();
              connection.rollback();
              try (var statement = connection.createStatement();
                  var rows = statement.executeQuery("select current_user::text")) {
                rows.next();
                assertThat(rows.getString(1)).isEqualTo("authenticated");
              }
            });
  }

  @Test
  void constraintFailuresKeepTheirTypeInsideAndOutside() {
    Thrown.invalid(
        Kind.CHECK_VIOLATED,
        () ->
            tenant.transaction(
                tx ->
                    tx.dsl()
                        .insertInto(tx.tables().messages())
                        .set(
                            tx.tables().messages().CUSTOMER_ID,
                            tx.customers().create(new NewCustomer("A", "1")).id())
                        .set(tx.tables().messages().MESSAGE, "x")
                        .set(tx.tables().messages().DIRECTION, "sideways")
                        .execute()));
    assertThat(customers()).isEmpty();
  }

  private List<String> customers() {
    return tenant.customers().list(PageRequest.first(100)).items().stream()
        .map(Customer::name)
        .toList();
  }

  private static int pid(TenantScope scope) {
    return (Integer) scope.dsl().fetchValue("select pg_backend_pid()");
  }
}
