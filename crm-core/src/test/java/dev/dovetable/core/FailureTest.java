package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.DatabaseException.Kind;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.Concurrently;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.jooq.tables.Customers;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.testkit.server.wire.CustomDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

class FailureTest extends DatabaseTest {
  private static final PageRequest ONE = PageRequest.first(1);

  @Test
  void unknownAgentIsNamedAtTheFirstUse() {
    for (Function<String, TenantScope> any : everyForm(crm)) {
      TenantScope scope = any.apply("no_such_agent");
      assertThatThrownBy(() -> scope.customers().list(ONE))
          .isInstanceOf(UnknownAgentException.class)
          .hasMessageContaining("no_such_agent");
      assertThatThrownBy(() -> scope.dsl().fetch("select 1"))
          .isInstanceOf(UnknownAgentException.class);
      assertThatThrownBy(() -> scope.transaction(tx -> tx.customers().find(1)))
          .isInstanceOf(UnknownAgentException.class);
      assertThatThrownBy(scope::agentId).isInstanceOf(UnknownAgentException.class);
    }
  }

  @Test
  void missingMembershipNamesTheGrant() throws SQLException {
    TenantScope tenant = newTenant();
    tenant.agentId();
    String poor = database.createLogin("poor");
    Crm poorCrm = crm(database.dataSource(poor));
    assertThatThrownBy(() -> poorCrm.asService().agents().list(ONE))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("grant authenticated, service_role to " + poor + ";");
    assertThatThrownBy(() -> poorCrm.asAgent(tenant.prefix()).customers().list(ONE))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("grant authenticated to " + poor + ";");
    superuser("grant authenticated, service_role to " + poor);
    assertThat(poorCrm.asAgent(tenant.prefix()).customers().list(ONE).items()).isEmpty();
  }

  @Test
  void databaseWithoutTheSchemaSaysSo() {
    try (var empty = database.server().createDatabase()) {
      String app = empty.createLogin("app", "service_role", "authenticated");
      Thrown.database(
          Kind.NOT_INSTALLED,
          () -> Crm.create(empty.dataSource(app)).asAgent("shop").customers().list(ONE));
    }
    Thrown.database(
        Kind.NOT_INSTALLED,
        () -> Crm.builder(pool).schema("another").build().asService().users().list(ONE));
  }

  @Test
  void aGeneratedTableThatIsNotBoundIsNamed() {
    TenantScope tenant = newTenant();
    assertThatThrownBy(() -> tenant.dsl().selectFrom(Customers.CUSTOMERS).fetch())
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("bind it with shop.table(");
  }

  @Test
  void locksAndDeadlocksAreRetryable() throws Exception {
    TenantScope tenant = newTenant();
    int one = tenant.customers().create(new NewCustomer("1", "1")).id();
    int two = tenant.customers().create(new NewCustomer("2", "2")).id();
    CountDownLatch bothHold = new CountDownLatch(2);
    var outcomes =
        Concurrently.run(
            2,
            thread -> {
              try {
                return tenant.transaction(
                    tx -> {
                      tx.customers().rename(thread == 0 ? one : two, "x");
                      bothHold.countDown();
                      bothHold.await(1, TimeUnit.MINUTES);
                      tx.customers().rename(thread == 0 ? two : one, "y");
                      return null;
                    });
              } catch (DatabaseException e) {
                return e;
              }
            });
    assertThat(outcomes)
        .filteredOn(DatabaseException.class::isInstance)
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.DEADLOCK);
              assertThat(e.isRetryable()).isTrue();
            });

    TenantScope another = crm.asAgent(tenant.prefix());
    tenant.transaction(
        tx -> {
          tx.customers().rename(one, "held");
          Thrown.database(
              Kind.LOCK_TIMEOUT,
              () ->
                  another.transaction(
                      other -> {
                        other.dsl().execute("set local lock_timeout = '50ms'");
                        return other.customers().rename(one, "waits");
                      }));
          return null;
        });
    Thrown.database(
        Kind.CANCELLED,
        () ->
            tenant.transaction(
                tx -> {
                  tx.dsl().execute("set local statement_timeout = '50ms'");
                  return tx.dsl().fetch("select pg_sleep(10)");
                }));
  }

  @Test
  void serializationFailureIsRetryable() {
    TenantScope tenant = newTenant();
    int id = tenant.customers().create(new NewCustomer("1", "1")).id();
    Crm strict =
        crm(
            new CustomDataSource(
                () -> {
                  Connection connection = database.dataSource(login).getConnection();
                  connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                  return connection;
                }));
    Thrown.database(
        Kind.SERIALIZATION_FAILURE,
        () ->
            strict
                .asAgent(tenant.prefix())
                .transaction(
                    tx -> {
                      tx.customers().find(id);
                      tenant.customers().rename(id, "meanwhile");
                      return tx.customers().rename(id, "too late");
                    }));
  }

  /** The server's details quote the row; neither they nor bound values may reach a log. */
  @Test
  void noExceptionHoldsData() {
    TenantScope tenant = newTenant();
    var messages = tenant.tables().messages();
    var customers = tenant.tables().customers();
    int ada = tenant.customers().create(new NewCustomer("Ada", "1")).id();
    CrmException check =
        catchThrowableOfType(
            CrmException.class,
            () ->
                tenant
                    .dsl()
                    .insertInto(
                        messages, messages.CUSTOMER_ID, messages.MESSAGE, messages.DIRECTION)
                    .values(ada, "S3CRET", "sideways")
                    .execute());
    CrmException missing =
        catchThrowableOfType(
            CrmException.class,
            () ->
                tenant
                    .dsl()
                    .insertInto(customers, customers.AGENT_ID, customers.PHONE)
                    .values(tenant.agentId(), "S3CRET")
                    .execute());
    CrmException cast =
        catchThrowableOfType(
            CrmException.class,
            () -> tenant.dsl().fetch("select cast({0} as int)", DSL.val("S3CRET")));
    CrmException unique =
        catchThrowableOfType(
            CrmException.class,
            () ->
                crm.asService()
                    .users()
                    .create(
                        new NewUser(
                            Optional.of(admin.id()),
                            "S3CRET",
                            "S3CRET@example.com",
                            UserRole.AGENT)));
    CrmException unknown =
        catchThrowableOfType(
            CrmException.class, () -> tenant.messages().recordInbound(4711, "S3CRET"));
    for (CrmException e : new CrmException[] {check, missing, cast, unique, unknown}) {
      assertThat(Thrown.log(e))
          .doesNotContain("S3CRET")
          .contains(tenant.getClass().getPackageName());
    }
    assertThat(check).hasMessageContaining(tenant.prefix()).hasMessageContaining("direction_check");
  }

  @Test
  void callersOwnMistakesAreNotBlamedOnTheAgent() {
    TenantScope tenant = newTenant();
    assertThatThrownBy(() -> tenant.dsl().fetch("select * from no_such_table"))
        .isInstanceOfSatisfying(
            DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_INSTALLED))
        .hasMessageContaining("\"no_such_table\"")
        .hasMessageContaining("none of the agent's tables")
        .hasMessageNotContaining("Install");
    Thrown.database(Kind.OTHER, () -> tenant.dsl().fetch("selec 1"));
    Thrown.invalid(
        InvalidDataException.Kind.OUT_OF_BOUNDS, () -> tenant.dsl().fetch("select 1 / 0"));
  }

  @Test
  void agentDeletedMeanwhileIsFoundOutForEveryActor() {
    Agent agent = newAgent();
    TenantScope own = crm.asAgent(agent.prefix());
    TenantScope service = crm.asService().tenant(agent.prefix());
    crm.asService().agents().delete(agent.id());
    for (TenantScope scope : new TenantScope[] {own, service}) {
      assertThatThrownBy(() -> scope.messages().list(ONE))
          .isInstanceOf(UnknownAgentException.class)
          .hasMessageContaining("it has been deleted, or never existed");
      assertThatThrownBy(() -> scope.customers().create(new NewCustomer("Ada", "1")))
          .isInstanceOf(UnknownAgentException.class);
      assertThatThrownBy(() -> scope.dsl().fetchCount(scope.tables().orders()))
          .isInstanceOf(UnknownAgentException.class);
      assertThatThrownBy(() -> scope.transaction(tx -> tx.orders().list(ONE)))
          .isInstanceOf(UnknownAgentException.class);
    }
  }

  private static void superuser(String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
