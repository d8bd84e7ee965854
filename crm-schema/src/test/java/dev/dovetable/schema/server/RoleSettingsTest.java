package dev.dovetable.schema.server;

import static dev.dovetable.schema.database.Fleet.assertNothingOrphaned;
import static dev.dovetable.schema.database.TwoAgents.ADMIN;
import static dev.dovetable.schema.database.TwoAgents.SPARE;
import static dev.dovetable.schema.database.TwoAgents.addOrder;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.Session;
import dev.dovetable.schema.database.TwoAgents;
import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.LongForm;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.install.InstallReport.Outcome;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a role's sessions begin with, an agent's life ends as it does elsewhere, or it is
 * refused before anything is changed.
 */
class RoleSettingsTest {

  /** None of them has anything to do with another of its group. */
  private static final List<List<String>> GROUPS =
      List.of(
          List.of(
              "standard_conforming_strings = off",
              "quote_all_identifiers = on",
              "backslash_quote = off",
              "escape_string_warning = off",
              "transform_null_equals = on",
              "array_nulls = off",
              "datestyle = 'German, DMY'",
              "intervalstyle = sql_standard",
              "bytea_output = escape",
              "extra_float_digits = -15"),
          List.of(
              "backslash_quote = on",
              "datestyle = 'SQL, MDY'",
              "search_path = other, pg_catalog",
              "default_transaction_isolation = serializable",
              "default_transaction_deferrable = on",
              "check_function_bodies = off",
              "xmloption = document",
              "plpgsql.variable_conflict = use_column"),
          List.of(
              "search_path = ''",
              "default_transaction_isolation = 'repeatable read'",
              "lc_messages = 'C'",
              "lc_monetary = 'C'",
              "lc_numeric = 'C'",
              "lc_time = 'C'",
              "timezone = 'America/St_Johns'",
              "plpgsql.variable_conflict = use_variable",
              "plan_cache_mode = force_generic_plan"),
          List.of(
              "plpgsql.extra_errors = 'all'",
              "plpgsql.extra_warnings = 'all'",
              "client_encoding = 'LATIN1'",
              "client_min_messages = error",
              "synchronize_seqscans = off",
              "plan_cache_mode = force_custom_plan",
              "jit = off",
              "lo_compat_privileges = on"));

  private static List<List<String>> plain;

  @BeforeAll
  static void liveWithoutSettings() throws SQLException {
    plain = life(List.of());
  }

  /** Each setting alone in the long form. */
  static Stream<List<String>> settings() {
    return LongForm.isRun() ? GROUPS.stream().flatMap(List::stream).map(List::of) : GROUPS.stream();
  }

  @ParameterizedTest
  @MethodSource("settings")
  void makesNoDifference(List<String> settings) throws SQLException {
    assertThat(life(settings)).isEqualTo(plain);
  }

  /** An agent from its making to its deletion; the answer is what there was before the latter. */
  private static List<List<String>> life(List<String> settings) throws SQLException {
    try (PostgresDatabase database = PostgresServer.shared().createDatabase(TwoAgents.class)) {
      set(database, settings);
      DataSource owner = database.dataSource();
      List<List<String>> end = new ArrayList<>();
      try (Session session = new Session(TwoAgents.login(database))) {
        session.execute("set search_path = public");
        session.service();
        assertThat(
                session.one(
                    "select message from create_agent(?, 'gamma', ?) where success", SPARE, ADMIN))
            .isEqualTo("agent gamma created with its tables");
        addOrder(session, "gamma", 3);
        session.execute("update gamma_orders set total_amount = 99, status = null where true");
        assertThat(
                session.one(
                    "select message from update_agent_details(3,"
                        + " '{\"name\": \"Sissi\", \"email\": \"sissi@schloss.example\"}')"
                        + " where success"))
            .isEqualTo("agent gamma updated");
        assertThat(
                session.one(
                    "select success from create_whatsapp_config(?, '+493', 'https://x.example')",
                    SPARE))
            .isEqualTo("t");
        session.as(SPARE);
        assertThat(session.one("select count(*) from gamma_customers")).isEqualTo("1");
        assertThat(session.one("select count(*) from alpha_customers")).isEqualTo("0");

        assertThat(CrmSchema.create().install(owner).outcome()).isEqualTo(Outcome.ALREADY_CURRENT);
        var visits = AgentsOf.visits("001_create_visits.sql", "002_add_reason.sql");
        assertThat(AgentMigrations.of(visits).run(owner).failures()).isEmpty();
        assertThat(CrmDoctor.create().examine(owner).findings()).isEmpty();

        session.execute("set quote_all_identifiers = off");
        end.addAll(rows(session));
        session.execute("reset quote_all_identifiers");
        session.service();
        assertThat(session.one("select success from delete_agent(3)")).isEqualTo("t");
        session.execute("delete from agents where agent_prefix = 'alpha'");
      }
      try (Session superuser = new Session(owner)) {
        superuser.execute("set search_path = public");
        assertNothingOrphaned(superuser);
        assertThat(superuser.column("select to_regclass('gamma_visits')")).containsOnlyNulls();
        assertThat(superuser.column("select customers from crm_private.agent_tables"))
            .containsExactly("beta_customers");
      }
      return end;
    }
  }

  private static List<List<String>> rows(Session session) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    for (String query :
        List.of(
            "select id, agent_id, name, phone, created_at is null from gamma_customers",
            "select id, customer_id, message, direction, timestamp is null from gamma_messages",
            "select id, customer_id, total_amount, status, notes from gamma_orders",
            "select id, order_id, name, quantity, price, total from gamma_orders_items",
            "select name, email, role from users order by 2",
            "select whatsapp_number, webhook_url, is_active from whatsapp_configuration order by 1",
            // What is stored as text, and hangs on how it was read.
            "select column_name, column_default, data_type from information_schema.columns"
                + " where table_name like 'gamma!_%' escape '!' order by table_name, ordinal_position")) {
      rows.addAll(session.rows(query));
    }
    return rows;
  }

  /** Where triggers don't fire, or nothing may be written, nothing is said to be done. */
  @Test
  void isRefusedBeforeAnythingIsChanged() throws SQLException {
    for (Map.Entry<String, String> refused :
        Map.of(
                "session_replication_role = replica", "09000",
                "default_transaction_read_only = on", "25006")
            .entrySet()) {
      try (PostgresDatabase database = PostgresServer.shared().createDatabase(TwoAgents.class)) {
        set(database, List.of(refused.getKey()));
        try (Session session = new Session(TwoAgents.login(database))) {
          session.service();
          assertThat(session.sqlState("select create_agent(?, 'gamma', ?)", SPARE, ADMIN))
              .as(refused.getKey())
              .isEqualTo(refused.getValue());
          assertThat(session.one("select to_regclass('gamma_customers')")).isNull();
          assertThat(session.one("select count(*) from agents")).isEqualTo("2");
        }
      }
    }
  }

  private static void set(PostgresDatabase database, List<String> settings) throws SQLException {
    try (Session superuser = new Session(database.dataSource())) {
      for (String setting : settings) {
        superuser.execute("alter database " + database.name() + " set " + setting);
      }
    }
  }
}
