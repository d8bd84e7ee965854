package dev.dovetable.schema.database;

import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Row level security asks once per statement who owns the agent, and keeps the indexes usable. */
@FreshDatabase(TwoAgents.class)
class RowCheckTest {

  private static Session session;

  @BeforeAll
  static void fill(PostgresDatabase database) throws SQLException {
    try (Session owner = new Session(database.dataSource())) {
      owner.execute(
          "insert into alpha_customers (agent_id, name, phone)"
              + " select 1, 'c' || i, '+' || i from generate_series(1, 500) i");
      owner.execute(
          "insert into alpha_messages (customer_id, message, direction, timestamp)"
              + " select 2 + i % 500, 'x', 'inbound', timestamp '2026-01-01' + i * interval '1 s'"
              + " from generate_series(1, 20000) i");
      owner.execute(
          "insert into alpha_orders (customer_id) select 2 + i % 500 from generate_series(1, 2000) i");
      owner.execute("analyze");
      // Counts its calls from now on.
      owner.execute("create sequence public.calls");
      owner.execute("grant usage on sequence public.calls to public");
      owner.execute(
          owner
              .one("select pg_get_functiondef('crm_private.owns_agent(bigint)'::regprocedure)")
              .replaceFirst("\nbegin", "\nbegin perform nextval('public.calls');")
              .replaceFirst("STABLE", "VOLATILE"));
    }
    session = new Session(TwoAgents.login(database));
    session.as(OWNER);
  }

  @AfterAll
  static void close() throws SQLException {
    session.close();
  }

  private static long calls() throws SQLException {
    return Long.parseLong(session.one("select nextval('public.calls')"));
  }

  @Test
  void ownerIsLookedUpOncePerStatement() throws SQLException {
    for (String sql :
        List.of(
            "select count(*) from alpha_messages",
            "select * from alpha_messages where customer_id = 7 order by timestamp desc limit 50",
            "update alpha_messages set message = 'y' where true",
            "insert into alpha_messages (customer_id, message, direction)"
                + " select 2 + i % 500, 'x', 'outbound' from generate_series(1, 1000) i",
            "delete from alpha_messages where direction = 'outbound'",
            "select * from beta_messages")) {
      long before = calls();
      session.execute(sql);
      assertThat(calls() - before - 1).as(sql).isBetween(1L, 2L);
    }
    long before = calls();
    session.execute("select * from alpha_orders o join alpha_customers c on c.id = o.customer_id");
    assertThat(calls() - before - 1).as("one for each table").isEqualTo(2);
  }

  @Test
  void indexesServeTheUsualQuestions() throws SQLException {
    assertThat(
            plan(
                "select * from alpha_messages where customer_id = 7 order by timestamp desc limit 5"))
        .contains("alpha_messages_customer_id_timestamp_idx")
        .doesNotContain("Sort");
    assertThat(plan("select * from alpha_messages order by timestamp desc limit 30"))
        .contains("alpha_messages_timestamp_idx")
        .doesNotContain("Sort");
    assertThat(plan("select * from alpha_customers where phone = '+77'"))
        .contains("alpha_customers_phone_idx");
    assertThat(plan("select * from alpha_orders where customer_id = 7 and status = 'pending'"))
        .contains("alpha_orders_customer_id");
  }

  private static String plan(String sql) throws SQLException {
    return String.join("\n", session.column("explain " + sql));
  }
}
