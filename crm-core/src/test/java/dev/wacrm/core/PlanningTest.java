package dev.wacrm.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One customer has nearly all messages, for whom PostgreSQL would plan each page anew. */
class PlanningTest extends DatabaseTest {
  private static final Instant START = Instant.parse("2026-03-29T12:00:00Z");
  private static final int MESSAGES = 20_000;
  private static final int CUSTOMERS = 50;

  /** Beyond what pgjdbc takes to prepare a statement, and PostgreSQL to think about its plan. */
  private static final int TIMES = 20;

  private Connection connection;
  private TenantScope scope;

  @BeforeEach
  void record() throws SQLException {
    connection = database.dataSource(login).getConnection();
    Agent agent = newAgent();
    scope = crm(OneConnection.of(connection)).tenant(agent.prefix());
    List<Integer> customers =
        IntStream.range(0, CUSTOMERS)
            .mapToObj(i -> scope.customers().create(new NewCustomer("C" + i, "49" + i)).id())
            .toList();
    Iterator<NewMessage> messages =
        IntStream.range(0, MESSAGES)
            .mapToObj(
                i ->
                    NewMessage.inbound(
                            customers.get(i % 100 < CUSTOMERS ? 0 : i % CUSTOMERS), "text " + i)
                        .at(START.plusSeconds(i)))
            .iterator();
    scope.messages().importAll(messages);
    try (Connection superuser = database.dataSource().getConnection();
        Statement statement = superuser.createStatement()) {
      statement.execute("vacuum analyze");
    }
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
  }

  @Test
  void pagesOfAllCustomersShareAPlan() throws SQLException {
    int busiest = scope.customers().findByPhone("490").orElseThrow().id();
    for (int i = 0; i < TIMES; i++) {
      Page<Message> first = scope.messages().timeline(busiest, PageRequest.first(50));
      scope.messages().timeline(busiest, new PageRequest(50, first.next()));
      scope.messages().timelineOldestFirst(busiest, PageRequest.first(50));
      scope.messages().list(PageRequest.first(50));
    }

    try (Statement statement = connection.createStatement();
        ResultSet plans =
            statement.executeQuery(
                "select count(*), sum(custom_plans), min(generic_plans) from pg_prepared_statements"
                    + " where statement ilike '%_messages\" as \"m\"%'")) {
      plans.next();
      assertThat(plans.getInt(1)).isEqualTo(4);
      assertThat(plans.getInt(2)).isZero();
      assertThat(plans.getInt(3)).isPositive();
    }
  }

  @Test
  void aCallersStatementsArePlannedAsEver() throws Exception {
    scope.messages().list(PageRequest.first(1));
    assertThat(planning(scope)).isEqualTo("auto");

    String inTransaction =
        scope.transaction(
            inner -> {
              inner.messages().list(PageRequest.first(1));
              return planning(inner);
            });
    assertThat(inTransaction).isEqualTo("auto");

    connection.setAutoCommit(false);
    TenantScope joining =
        Crm.builder(DSL.using(connection)).schema(Installed.SCHEMA).build().tenant(scope.prefix());
    joining.messages().list(PageRequest.first(1));
    assertThat(planning(joining)).isEqualTo("auto");
    connection.rollback();
  }

  private static String planning(TenantScope scope) {
    return scope
        .dsl()
        .fetchSingle("select current_setting('plan_cache_mode')")
        .get(0, String.class);
  }
}
