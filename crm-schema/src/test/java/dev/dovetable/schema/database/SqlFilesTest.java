package dev.dovetable.schema.database;

import static dev.dovetable.schema.database.TwoAgents.ADMIN;
import static dev.dovetable.schema.database.TwoAgents.OTHER;
import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;

/** The files alone: run again, into other schemas, and beside each other. */
class SqlFilesTest {

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

  private void install(String schema) throws SQLException {
    owner.execute("create schema if not exists " + schema);
    owner.execute("set search_path = " + schema);
    SqlFiles.run(owner, SqlFiles.SCHEMA);
  }

  @Test
  void filesRunAgainChangeNothingAndLeaveTheSessionAsItWas() throws SQLException {
    SqlFiles.run(owner, SqlFiles.SCHEMA);
    TwoAgents.fill(database.dataSource());
    Map<String, String> before = Contents.of(owner);
    owner.execute("set lock_timeout = '7s'");
    owner.execute("set statement_timeout = '8s'");
    owner.execute("set client_min_messages = 'error'");
    SqlFiles.run(owner, SqlFiles.SCHEMA);
    SqlFiles.run(owner, SqlFiles.MIGRATIONS);
    SqlFiles.run(owner, SqlFiles.SCHEMA);
    assertThat(Contents.of(owner)).isEqualTo(before);
    assertThat(
            List.of(
                owner.one("show lock_timeout"),
                owner.one("show statement_timeout"),
                owner.one("show client_min_messages"),
                owner.one("show search_path"),
                owner.one("show crm.schema_path"),
                owner.one("show crm.private_path")))
        .containsExactly("7s", "8s", "error", "\"$user\", public", "", "");
  }

  @Test
  void filesRunAgainUndoWhatWasGrantedTooMuch() throws SQLException {
    SqlFiles.run(owner, SqlFiles.SCHEMA);
    Map<String, String> before = Contents.of(owner);
    owner.execute(
        "grant all on all tables in schema public to anon, authenticated, service_role, public");
    owner.execute(
        "grant all on all sequences in schema public to anon, authenticated, service_role");
    owner.execute(
        "grant all on all functions in schema public, crm_private to anon, authenticated, public");
    owner.execute("grant all on schema crm_private to anon, authenticated");
    SqlFiles.run(owner, SqlFiles.SCHEMA);
    assertThat(Contents.of(owner)).isEqualTo(before);
  }

  @Test
  void defaultPrivilegesThatHandEverythingOutMakeNoDifference() throws SQLException {
    SqlFiles.run(owner, SqlFiles.SCHEMA);
    TwoAgents.fill(database.dataSource());
    String catalogue = Contents.of(owner).get("catalogue");
    String functions = Contents.of(owner).get("functions");
    try (PostgresDatabase second = PostgresServer.shared().createDatabase();
        Session session = new Session(second.dataSource())) {
      for (String kind : List.of("tables", "sequences", "functions")) {
        session.execute(
            "alter default privileges grant all on "
                + kind
                + " to anon, authenticated, service_role");
      }
      SqlFiles.run(session, SqlFiles.SCHEMA);
      TwoAgents.fill(second.dataSource());
      assertThat(Contents.of(session).get("catalogue")).isEqualTo(catalogue);
      assertThat(Contents.of(session).get("functions")).isEqualTo(functions);
    }
  }

  @Test
  void usersOfTheHostAreNotAdopted() throws SQLException {
    owner.execute("create table users (id serial primary key, login text)");
    owner.execute("insert into users (login) values ('host')");
    // The files before the one that refuses are transactions of their own.
    SqlFiles.run(owner, List.of("schema/supabase_compat.sql", "schema/enums.sql"));
    Map<String, String> before = Contents.of(owner);
    assertThatThrownBy(() -> SqlFiles.run(owner, SqlFiles.SCHEMA))
        .isInstanceOfSatisfying(
            PSQLException.class,
            e -> {
              assertThat(e.getSQLState()).isEqualTo("42P07");
              assertThat(e.getMessage()).contains("users", "create schema");
            });
    assertThat(Contents.of(owner)).isEqualTo(before);

    for (int run = 0; run < 2; run++) {
      install("crm");
    }
    owner.execute("reset search_path");
    assertThat(owner.column("select login from users")).containsExactly("host");
    owner.execute("set search_path = crm");
    fill("crm", OWNER, OTHER);
    assertThat(owner.one("select count(*) from crm.alpha_customers")).isEqualTo("1");
    assertThat(owner.one("select to_regclass('public.alpha_customers')")).isNull();
    assertThat(owner.one("select success from crm.delete_agent(1)")).isEqualTo("t");
  }

  @Test
  void noTableOfTheHostIsAdopted() throws SQLException {
    for (String table : List.of("users", "agents", "whatsapp_configuration")) {
      owner.execute("create table " + table + " (id bigint primary key, number text)");
      Map<String, String> before = Contents.of(owner);
      // Each file is a transaction: those before the one that is refused stay.
      assertThatThrownBy(() -> SqlFiles.run(owner, SqlFiles.SCHEMA))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42P07"));
      assertThat(Contents.of(owner).get("catalogue")).as(table).isEqualTo(before.get("catalogue"));
      assertThat(
              owner.column(
                  "select attname from pg_attribute where attrelid = ?::regclass and attnum > 0",
                  table))
          .containsExactly("id", "number");
      owner.execute("drop table " + table);
    }
    SqlFiles.run(owner, SqlFiles.SCHEMA);
  }

  private void fill(String schema, UUID alpha, UUID beta) throws SQLException {
    owner.execute("set search_path = " + schema);
    TwoAgents.addUser(owner, ADMIN, "Ada " + schema, "admin");
    TwoAgents.addUser(owner, OWNER, "Olga " + schema, "agent");
    TwoAgents.addUser(owner, OTHER, "Otto " + schema, "agent");
    TwoAgents.addOrder(owner, "alpha", TwoAgents.addAgent(owner, alpha, "alpha"));
    TwoAgents.addOrder(owner, "beta", TwoAgents.addAgent(owner, beta, "beta"));
  }

  @Test
  void twoInstallationsInOneDatabaseKnowNothingOfEachOther() throws SQLException {
    for (int run = 0; run < 2; run++) {
      install("public");
      install("sales");
    }
    fill("public", OWNER, OTHER);
    fill("sales", OTHER, OWNER);
    try (Session session = new Session(TwoAgents.login(database))) {
      session.as(OWNER);
      for (String path : List.of("public", "sales", "sales, public", "public, sales")) {
        session.execute("set search_path = " + path);
        assertThat(
                List.of(
                    session.one("select count(*) from public.alpha_customers"),
                    session.one("select count(*) from sales.alpha_customers"),
                    session.one("select count(*) from public.beta_orders"),
                    session.one("select count(*) from sales.beta_orders")))
            .as(path)
            .containsExactly("1", "0", "0", "1");
        assertThat(session.sqlState("select sales.update_agent_details(1, '{\"name\": \"x\"}')"))
            .isEqualTo("42501");
        assertThat(session.sqlState("select public.delete_agent(2)")).isEqualTo("42501");
        session.execute(
            "insert into sales.beta_orders_items (order_id, name, price) values (1, 'x', 3)");
        session.execute("update public.alpha_orders set total_amount = 1 where true");
      }
      assertThat(session.one("select total_amount from sales.beta_orders")).isEqualTo("22.00");
      assertThat(session.one("select total_amount from public.alpha_orders")).isEqualTo("10.00");
      // An admin of the one is nothing in the other.
      owner.execute("update sales.users set role = 'agent' where id = ?", ADMIN);
      session.as(ADMIN);
      assertThat(session.one("select count(*) from public.alpha_customers")).isEqualTo("1");
      assertThat(session.one("select count(*) from sales.alpha_customers")).isEqualTo("0");
      assertThat(session.sqlState("select sales.drop_agent_tables('alpha')")).isEqualTo("42501");

      session.service();
      Map<String, String> before = Contents.of(owner);
      session.begin();
      assertThat(session.one("select success from sales.delete_agent(1)")).isEqualTo("t");
      session.execute("delete from public.agents where id = 2");
      session.commit();
      Map<String, String> after = Contents.of(owner);
      assertThat(after.get("public.alpha_customers"))
          .isEqualTo(before.get("public.alpha_customers"));
      assertThat(after.get("sales.beta_orders_items"))
          .isEqualTo(before.get("sales.beta_orders_items"));
      assertThat(after).doesNotContainKeys("sales.alpha_customers", "public.beta_orders");
      assertThat(after).containsKeys("public.alpha_orders", "sales.beta_customers");
    }
  }

  @Test
  void schemaWhosePrivateSchemaIsTakenIsRefused() throws SQLException {
    for (List<String> order : List.of(List.of("public", "crm"), List.of("crm", "public"))) {
      try (PostgresDatabase fresh = PostgresServer.shared().createDatabase();
          Session session = new Session(fresh.dataSource())) {
        session.execute("create schema crm");
        session.execute("set search_path = " + order.get(0));
        SqlFiles.run(session, SqlFiles.SCHEMA);
        Map<String, String> before = Contents.of(session);
        session.execute("set search_path = " + order.get(1));
        assertThatThrownBy(() -> SqlFiles.run(session, SqlFiles.SCHEMA))
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42P06"));
        session.execute("set search_path = " + order.get(0));
        assertThat(Contents.of(session)).isEqualTo(before);
      }
    }
  }

  @Test
  void schemasWithStrangeNamesWork() throws SQLException {
    for (String schema : List.of("\"Da ta\"", "\"select\"", "\"o'brien\"", "s" + "x".repeat(54))) {
      for (int run = 0; run < 2; run++) {
        install(schema);
        SqlFiles.run(owner, SqlFiles.MIGRATIONS);
      }
      fill(schema, OWNER, OTHER);
      assertThat(owner.one("select total_amount from alpha_orders")).isEqualTo("10.00");
      assertThat(owner.one("select success from delete_agent(1)")).isEqualTo("t");
    }
  }
}
