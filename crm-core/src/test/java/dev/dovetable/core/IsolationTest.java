package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.Concurrently;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.jooq.TenantTables;
import dev.dovetable.core.jooq.tables.Customers;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.core.orders.OrderStatus;
import dev.dovetable.core.orders.OrderWithItems;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each agent's scope against another agent's tables, which must be as before after every test. */
class IsolationTest extends DatabaseTest {
  private TenantScope a;
  private TenantScope b;
  private Customer bo;
  private OrderWithItems order;
  private List<String> before;

  @BeforeEach
  void makeTwoAgents() throws SQLException {
    a = newTenant();
    b = newTenant();
    a.customers().create(new NewCustomer("Ada", "1"));
    bo = b.customers().create(new NewCustomer("Bo", "2"));
    b.messages().recordInbound(bo.id(), "for b only");
    order =
        b.orders().place(NewOrder.of(bo.id(), List.of(new NewOrderItem("Tea", 1, BigDecimal.TEN))));
    before = contentsOfB();
  }

  @AfterEach
  void nothingOfBHasChanged() throws SQLException {
    assertThat(contentsOfB()).isEqualTo(before);
  }

  @Test
  void scopeReadsNothingOfAnotherAgent() {
    for (Table<?> table : tables(b)) {
      assertThat(a.dsl().fetchCount(table)).isZero();
      assertThat(b.dsl().fetchCount(table)).isEqualTo(1);
    }
  }

  @Test
  void scopeWritesNothingOfAnotherAgent() {
    DSLContext dsl = a.dsl();
    Customers customers = b.tables().customers();
    assertThatThrownBy(
            () ->
                dsl.insertInto(customers, customers.AGENT_ID, customers.NAME, customers.PHONE)
                    .values(b.agentId(), "Eve", "3")
                    .execute())
        .isInstanceOf(AccessDeniedException.class);
    assertThat(dsl.update(customers).set(customers.NAME, "Eve").execute()).isZero();
    assertThat(dsl.deleteFrom(customers).execute()).isZero();
    var messages = b.tables().messages();
    assertThatThrownBy(
            () ->
                dsl.insertInto(messages, messages.CUSTOMER_ID, messages.MESSAGE, messages.DIRECTION)
                    .values(bo.id(), "from a", "inbound")
                    .execute())
        .isInstanceOf(AccessDeniedException.class);
    assertThat(dsl.deleteFrom(messages).execute()).isZero();
    var items = b.tables().ordersItems();
    assertThatThrownBy(
            () ->
                dsl.insertInto(items, items.ORDER_ID, items.NAME)
                    .values(order.order().id(), "from a")
                    .execute())
        .isInstanceOf(AccessDeniedException.class);
    assertThat(dsl.update(b.tables().orders()).set(b.tables().orders().NOTES, "x").execute())
        .isZero();
    assertThatThrownBy(() -> dsl.truncate(customers).execute())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> dsl.dropTable(customers).execute())
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void scopeOpenedAsAnotherUserReadsAndWritesNothing() {
    UUID userOfA =
        crm.asService().agents().findByPrefix(a.prefix()).orElseThrow().userId().orElseThrow();
    TenantScope wrong = crm.as(Actor.user(userOfA)).tenant(b.prefix());
    assertThat(wrong.customers().list(PageRequest.first(9)).items()).isEmpty();
    assertThat(wrong.conversations().latest(PageRequest.first(9)).items()).isEmpty();
    assertThat(wrong.orders().find(order.order().id())).isEmpty();
    assertThat(wrong.customers().delete(bo.id())).isFalse();
    assertThatThrownBy(() -> wrong.customers().create(new NewCustomer("Eve", "3")))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> wrong.messages().recordInbound(bo.id(), "x"))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> wrong.messages().recordInboundFrom("2", "Bo", "x", Instant.now()))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(
            () ->
                wrong
                    .orders()
                    .addItem(order.order().id(), new NewOrderItem("x", 1, BigDecimal.ONE)))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> wrong.orders().place(NewOrder.of(bo.id(), List.of())))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> wrong.orders().changeStatus(order.order().id(), OrderStatus.CANCELLED))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void adminsAndTheServiceSeeEveryAgent() {
    for (ActorScope all : List.of(crm.as(Actor.user(admin.id())), crm.asService())) {
      assertThat(all.tenant(a.prefix()).customers().list(PageRequest.first(9)).items()).hasSize(1);
      assertThat(all.tenant(b.prefix()).customers().find(bo.id())).contains(bo);
    }
  }

  @Test
  void unknownUsersSeeNothingAndAnonymousIsDenied() {
    TenantScope unknown = crm.as(Actor.user(UUID.randomUUID())).tenant(b.prefix());
    assertThat(unknown.customers().list(PageRequest.first(9)).items()).isEmpty();
    TenantScope anonymous = crm.as(Actor.anonymous()).tenant(b.prefix());
    assertThatThrownBy(() -> anonymous.customers().list(PageRequest.first(9)))
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void everyStatementIsRunAsTheAgentsUser() {
    UUID user =
        crm.asService().agents().findByPrefix(a.prefix()).orElseThrow().userId().orElseThrow();
    assertThat(whoAmI(a)).containsExactly("authenticated", user.toString(), "authenticated", "");
    assertThat(whoAmI(crm.asService().tenant(a.prefix())))
        .containsExactly("service_role", "", "service_role", "");
    assertThat(a.<List<String>, RuntimeException>transaction(IsolationTest::whoAmI))
        .isEqualTo(whoAmI(a));
  }

  /** Two connections go from agent to agent; nobody is ever somebody else on them. */
  @Test
  void agentsThatShareConnectionsDoNotMeet() throws Exception {
    List<Agent> agents = Stream.generate(DatabaseTest::newAgent).limit(8).toList();
    try (HikariDataSource two = pool(2)) {
      Crm shared = crm(two);
      Concurrently.run(
          agents.size(),
          thread -> {
            Agent agent = agents.get(thread);
            TenantScope scope = shared.asAgent(agent.prefix());
            String user = agent.userId().orElseThrow().toString();
            for (int i = 0; i < 40; i++) {
              assertThat(whoAmI(scope)).startsWith("authenticated", user);
              scope.messages().recordInboundFrom("" + i, "C" + i, "x", Instant.now());
              catchThrowable(() -> scope.dsl().fetch("select 1 / 0"));
              catchThrowable(
                  () ->
                      scope.transaction(
                          tx -> {
                            assertThat(whoAmI(tx)).startsWith("authenticated", user);
                            throw new IllegalStateException();
                          }));
              assertThat(whoAmI(shared.asService().tenant(agent.prefix())))
                  .startsWith("service_role", "");
            }
            return null;
          });
    }
    for (Agent agent : agents) {
      TenantScope scope = crm.asAgent(agent.prefix());
      assertThat(scope.messages().list(PageRequest.first(1000)).items()).hasSize(40);
      assertThat(scope.customers().list(PageRequest.first(1000)).items()).hasSize(40);
    }
  }

  @Test
  void tablesMeanTheSameInAnyConfiguration() throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      DSLContext foreign = DSL.using(connection, SQLDialect.POSTGRES);
      Customers customers = b.tables().customers().as("c");
      assertThat(foreign.select(customers.NAME).from(customers).fetch(customers.NAME))
          .containsExactly("Bo");
    }
    // Nor does the scope that runs a query decide whose tables it reads.
    var query = DSL.selectFrom(b.tables().customers());
    assertThat(a.dsl().fetch(query)).isEmpty();
    assertThat(b.dsl().fetch(query)).hasSize(1);
    assertThat(a.dsl().fetch(query)).isEmpty();
  }

  @Test
  void settingsOfAContextStayInIt() {
    DSLContext mine = a.dsl();
    mine.settings().withRenderSchema(false);
    mine.settings().getRenderMapping().getSchemata().clear();
    mine.configuration().set(SQLDialect.DEFAULT);
    assertThat(a.dsl().fetchCount(a.tables().customers())).isEqualTo(1);
    assertThat(a.dsl().dialect()).isEqualTo(SQLDialect.POSTGRES);
    assertThat(crm.asService().users().find(admin.id())).contains(admin);
  }

  private static List<String> whoAmI(TenantScope scope) {
    return List.of(
        scope
            .dsl()
            .fetchSingle(
                "select current_user::text, coalesce(auth.uid()::text, ''), auth.role(),"
                    + " current_setting('request.jwt.claim.sub')")
            .into(String[].class));
  }

  private static List<Table<?>> tables(TenantScope scope) {
    TenantTables tables = scope.tables();
    return List.of(tables.customers(), tables.messages(), tables.orders(), tables.ordersItems());
  }

  /** Every row, every column, as the superuser sees them. */
  private List<String> contentsOfB() throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      DSLContext superuser = DSL.using(connection, SQLDialect.POSTGRES);
      return tables(b).stream()
          .map(table -> superuser.selectFrom(table).orderBy(table.field("id")).fetch().formatJSON())
          .toList();
    }
  }
}
