package dev.dovetable.schema.database;

import static dev.dovetable.schema.database.TwoAgents.ADMIN;
import static dev.dovetable.schema.database.TwoAgents.OTHER;
import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static dev.dovetable.schema.database.TwoAgents.SPARE;
import static dev.dovetable.schema.database.TwoAgents.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host has functions of its own in public, is_admin() being a favourite: ours must be asked. */
class HostFunctionsTest {

  private PostgresDatabase database;
  private Session owner;

  @BeforeEach
  void open() throws SQLException {
    database = PostgresServer.shared().createDatabase();
    owner = new Session(database.dataSource());
  }

  @AfterEach
  void close() throws SQLException {
    owner.close();
    database.close();
  }

  /** For each internal function, the statement that makes one of the same name that says yes. */
  private static List<String> namesakes() throws SQLException {
    try (PostgresDatabase installed = PostgresServer.shared().createDatabase(TwoAgents.class);
        Session session = new Session(installed.dataSource())) {
      return session.column(
          """
          select format('create function public.%I(%s) returns %s language plpgsql as ''begin return %s; end''',
            p.proname, oidvectortypes(p.proargtypes), pg_get_function_result(p.oid),
            case when p.proretset or p.prorettype = 'void'::regtype then '' when p.prorettype = 'boolean'::regtype then 'true' else 'null' end)
          from pg_proc p
          where p.pronamespace = 'crm_private'::regnamespace
            and not exists (
              select from pg_type y
              where y.oid = any (p.proargtypes::oid[]) and y.typnamespace <> 'pg_catalog'::regnamespace)
          """);
    }
  }

  private void makeNamesakes() throws SQLException {
    List<String> statements = namesakes();
    assertThat(statements).hasSizeGreaterThan(20);
    for (String statement : statements) {
      owner.execute(statement);
    }
  }

  @Test
  void functionsThatWereThereBeforeAreNotCalled() throws SQLException {
    makeNamesakes();
    SqlFiles.run(owner, SqlFiles.SCHEMA);
    SqlFiles.run(owner, SqlFiles.SCHEMA);
    SqlFiles.run(owner, SqlFiles.MIGRATIONS);
    assertOursAreAsked();
  }

  @Test
  void functionsThatCameLaterAreNotCalled() throws SQLException {
    SqlFiles.run(owner, SqlFiles.SCHEMA);
    makeNamesakes();
    assertOursAreAsked();
  }

  private void assertOursAreAsked() throws SQLException {
    TwoAgents.fill(database.dataSource());
    try (Session session = new Session(TwoAgents.login(database))) {
      session.as(STRANGER);
      for (String call :
          List.of(
              "create_agent('%s', 'gamma', '%s')".formatted(SPARE, STRANGER),
              "update_agent_details(1, '{\"role\": \"admin\"}')",
              "delete_agent(1)",
              "get_whatsapp_config('" + OWNER + "')",
              "create_whatsapp_config('" + OWNER + "', '1', 'x')",
              "update_whatsapp_config('" + OWNER + "', '1')",
              "delete_whatsapp_config('" + OWNER + "')",
              "create_agent_tables('alpha', 1)",
              "create_agent_indexes('alpha')",
              "drop_agent_tables('alpha')")) {
        assertThat(session.sqlState("select * from " + call)).as(call).isEqualTo("42501");
      }
      assertThat(session.execute("update agents set user_id = ? where true", STRANGER)).isZero();
      assertThat(session.execute("delete from agents where true")).isZero();
      assertThat(session.execute("update whatsapp_configuration set is_active = false where true"))
          .isZero();
      assertThat(
              session.sqlState(
                  "insert into agents (agent_prefix, created_by) values ('gamma', ?)", STRANGER))
          .isEqualTo("42501");
      assertThat(session.execute("select * from alpha_customers")).isZero();

      // And what is allowed still works, triggers included.
      session.as(OTHER);
      session.execute("insert into beta_orders_items (order_id, name, price) values (1, 'x', 2)");
      session.execute(
          "update beta_orders set total_amount = 1, updated_at = '2001-01-01' where true");
      assertThat(
              session
                  .rows("select total_amount, updated_at > '2002-01-01' from beta_orders")
                  .get(0))
          .containsExactly("12.00", "t");
      assertThat(
              session.execute(
                  "update whatsapp_configuration set updated_at = '2001-01-01' where user_id = ?",
                  OTHER))
          .isEqualTo(1);
      assertThat(
              session.one(
                  "select updated_at > '2002-01-01' from whatsapp_configuration where user_id = ?",
                  OTHER))
          .isEqualTo("t");
      assertThat(session.sqlState("update agents set user_id = ? where id = 2", SPARE))
          .isEqualTo("42501");
      assertThat(owner.sqlState("update agents set agent_prefix = 'x' where id = 2"))
          .isEqualTo("23000");
      session.as(ADMIN);
      assertThat(session.one("select success from create_agent(?, 'gamma', ?)", SPARE, ADMIN))
          .isEqualTo("t");
      assertThat(session.execute("delete from agents where agent_prefix = 'gamma'")).isEqualTo(1);
      assertThat(session.one("select success from delete_agent(1)")).isEqualTo("t");
    }
    Fleet.assertNothingOrphaned(owner);
  }
}
