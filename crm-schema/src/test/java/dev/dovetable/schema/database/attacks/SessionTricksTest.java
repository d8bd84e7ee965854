package dev.dovetable.schema.database.attacks;

import static dev.dovetable.schema.database.TwoAgents.ADMIN;
import static dev.dovetable.schema.database.TwoAgents.OTHER;
import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static dev.dovetable.schema.database.TwoAgents.SPARE;
import static dev.dovetable.schema.database.TwoAgents.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dovetable.schema.database.Session;
import dev.dovetable.schema.database.TwoAgents;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.io.StringReader;
import java.io.StringWriter;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Settings, cached plans and ways round a plain SELECT, on connections that many users share. */
@FreshDatabase(TwoAgents.class)
class SessionTricksTest {

  private static PostgresDatabase database;
  private static Session superuser;
  private static String server;
  private static String inheritor;

  private Session session;

  @BeforeAll
  static void connect(PostgresDatabase fresh) throws SQLException {
    database = fresh;
    superuser = new Session(database.dataSource());
    server = database.createLogin("server", "anon", "authenticated", "service_role");
    inheritor = database.createLogin("inheritor", "authenticated");
  }

  @AfterAll
  static void disconnect() throws SQLException {
    superuser.close();
  }

  @BeforeEach
  void open() throws SQLException {
    session = new Session(database.dataSource(server));
  }

  @AfterEach
  void close() throws SQLException {
    session.close();
  }

  @Test
  void rolesOfOthersCannotBeSet() throws SQLException {
    try (Session login = new Session(database.dataSource(inheritor))) {
      for (String role : List.of("service_role", "anon", "postgres", server)) {
        assertThat(login.sqlState("set role " + role)).as(role).isEqualTo("42501");
      }
      assertThat(login.sqlState("set session authorization postgres")).isEqualTo("42501");
      assertThat(login.sqlState("set session_replication_role = replica")).isEqualTo("42501");
      assertThat(login.sqlState("grant service_role to authenticated")).isEqualTo("42501");
      assertThat(login.sqlState("alter role authenticated bypassrls")).isEqualTo("42501");
    }
    session.as(OWNER);
    assertThat(session.sqlState("set session_replication_role = replica")).isEqualTo("42501");
  }

  @Test
  void loginThatInheritsAuthenticatedIsNoBackendWhateverItIsCalled() throws SQLException {
    String clever = database.createLogin("service_role", "authenticated");
    for (String login : List.of(inheritor, clever)) {
      try (Session merely = new Session(database.dataSource(login))) {
        for (String role : List.of("none", "authenticated")) {
          merely.execute("set role " + role);
          assertThat(merely.sqlState("select create_agent(?, 'gamma', ?)", SPARE, ADMIN))
              .isEqualTo("42501");
          assertThat(merely.sqlState("select delete_agent(2)")).isEqualTo("42501");
          assertThat(merely.sqlState("select update_agent_details(2, '{}', '{}', ?)", OTHER))
              .isEqualTo("42501");
          assertThat(merely.sqlState("select get_whatsapp_config(?)", OTHER)).isEqualTo("42501");
          assertThat(merely.one("select count(*) from beta_customers")).isEqualTo("0");
        }
      }
    }
  }

  /** Since PostgreSQL 16 a membership may give nothing but the right to be listed as a member. */
  @Test
  void membershipThatGivesNoRightMakesNoBackend() throws SQLException {
    boolean hasOptions =
        superuser.one("select current_setting('server_version_num')::int >= 160000").equals("t");
    Map<String, String> expected =
        hasOptions
            ? Map.of(
                " with inherit false, set false",
                "42501",
                " with inherit true, set false",
                Session.SUCCESS,
                " with inherit false, set true",
                Session.SUCCESS)
            : Map.of("", Session.SUCCESS);
    for (Map.Entry<String, String> each : expected.entrySet()) {
      String member =
          database.createLogin("m" + each.getKey().replaceAll("\\W+", "_"), "authenticated");
      superuser.execute("grant service_role to " + member + each.getKey());
      try (Session login = new Session(database.dataSource(member))) {
        assertThat(login.sqlState("select get_whatsapp_config(?)", OTHER))
            .as(each.getKey())
            .isEqualTo(each.getValue());
      }
    }
  }

  @Test
  void rowSecurityCannotBeSwitchedOff() throws SQLException {
    session.as(OWNER);
    session.execute("set row_security = off");
    assertThat(session.sqlState("select * from beta_customers")).isEqualTo("42501");
    assertThat(session.sqlState("select * from alpha_customers")).isEqualTo("42501");
    session.execute("reset row_security");
  }

  @Test
  void preparedStatementFollowsRoleAndClaims() throws SQLException {
    // From the fifth execution on, pgjdbc and the server use one cached plan.
    try (PreparedStatement rows =
        session.connection().prepareStatement("select count(*) from beta_customers")) {
      for (int round = 0; round < 4; round++) {
        for (UUID user : List.of(OTHER, OWNER, ADMIN, STRANGER)) {
          session.as(user);
          assertThat(count(rows))
              .as("%s in round %s", user, round)
              .isEqualTo(user.equals(OTHER) || user.equals(ADMIN) ? 1 : 0);
        }
        session.service();
        assertThat(count(rows)).isEqualTo(1);
        session.claims("");
        assertThat(count(rows)).isZero();
      }
      session.execute("set plan_cache_mode = force_generic_plan");
      session.as(OTHER);
      assertThat(count(rows)).isEqualTo(1);
      session.as(OWNER);
      assertThat(count(rows)).isZero();
    }
  }

  private static int count(PreparedStatement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @Test
  void functionsFollowClaimsThatChangeInsideATransaction() throws SQLException {
    session.begin();
    for (int round = 0; round < 7; round++) {
      session.as(OTHER);
      assertThat(session.one("select success from get_whatsapp_config(?)", OTHER)).isEqualTo("t");
      assertThat(session.one("select count(*) from beta_messages")).isEqualTo("1");
      session.as(OWNER);
      assertThat(session.sqlState("select get_whatsapp_config(?)", OTHER)).isEqualTo("42501");
      assertThat(session.sqlState("select delete_agent(2)")).isEqualTo("42501");
      assertThat(session.one("select count(*) from beta_messages")).isEqualTo("0");
      session.service();
      assertThat(session.one("select success from get_whatsapp_config(?)", OTHER)).isEqualTo("t");
      session.anonymous();
      assertThat(session.sqlState("select get_whatsapp_config(?)", OTHER)).isEqualTo("42501");
    }
    session.rollback();
  }

  @Test
  void demotionAndLossOfTheAgentTakeEffectAtOnce() throws SQLException {
    session.as(ADMIN);
    assertThat(session.one("select count(*) from alpha_customers")).isEqualTo("1");
    superuser.execute("update users set role = 'agent' where id = ?", ADMIN);
    assertThat(session.one("select count(*) from alpha_customers")).isEqualTo("0");
    assertThat(session.sqlState("select create_agent(?, 'gamma', ?)", SPARE, ADMIN))
        .isEqualTo("42501");
    superuser.execute("update users set role = 'admin' where id = ?", ADMIN);

    session.as(OWNER);
    assertThat(session.one("select count(*) from alpha_customers")).isEqualTo("1");
    superuser.execute("update agents set user_id = ? where id = 1", SPARE);
    assertThat(session.one("select count(*) from alpha_customers")).isEqualTo("0");
    session.as(SPARE);
    assertThat(session.one("select count(*) from alpha_customers")).isEqualTo("1");
    superuser.execute("update agents set user_id = null where id = 1");
    assertThat(session.one("select count(*) from alpha_customers")).isEqualTo("0");
    session.claims("{\"sub\": null}");
    assertThat(session.one("select count(*) from alpha_customers")).isEqualTo("0");
    superuser.execute("update agents set user_id = ? where id = 1", OWNER);
  }

  @Test
  void localClaimsEndWithTheirTransaction() throws SQLException {
    session.backend();
    session.execute("reset all");
    session.begin();
    session.execute(
        "select set_config('role', 'authenticated', true), set_config('request.jwt.claims', ?, true)",
        Session.claimsOf(OTHER));
    assertThat(session.one("select count(*) from beta_customers")).isEqualTo("1");
    session.commit();
    session.execute("set role authenticated");
    assertThat(session.one("select count(*) from beta_customers")).isEqualTo("0");
    assertThat(session.sqlState("select get_whatsapp_config(?)", OTHER)).isEqualTo("42501");
  }

  @Test
  void copyAndViewsAndCursorsShowNothingMore() throws Exception {
    session.as(OWNER);
    PGConnection postgres = session.connection().unwrap(PGConnection.class);
    StringWriter out = new StringWriter();
    postgres.getCopyAPI().copyOut("copy beta_customers to stdout", out);
    assertThat(out.toString()).isEmpty();
    assertThat(copyFailure("copy whatsapp_configuration to stdout")).isEqualTo("42501");
    assertThat(copyFailure("copy whatsapp_configuration (api_key) to stdout")).isEqualTo("42501");
    assertThat(
            catchThrowableOfType(
                    SQLException.class,
                    () ->
                        postgres
                            .getCopyAPI()
                            .copyIn(
                                "copy alpha_customers (agent_id, name, phone) from stdin",
                                new StringReader("1\tx\t1\n")))
                .getSQLState())
        .isEqualTo("0A000");

    session.execute("create temp view loot as select * from beta_customers");
    assertThat(session.one("select count(*) from loot")).isEqualTo("0");
    session.execute("create temp table copied as select * from beta_messages");
    assertThat(session.one("select count(*) from copied")).isEqualTo("0");
    session.execute("drop view loot");
    session.execute("drop table copied");
    session.begin();
    session.execute("declare c cursor for select * from beta_orders");
    assertThat(session.execute("fetch all from c")).isZero();
    session.rollback();
  }

  private String copyFailure(String copy) {
    return catchThrowableOfType(
            SQLException.class,
            () ->
                session
                    .connection()
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut(copy, new StringWriter()))
        .getSQLState();
  }

  @Test
  void statisticsAndErrorsTellNothing() throws SQLException {
    superuser.execute("analyze beta_customers");
    superuser.execute("analyze whatsapp_configuration");
    session.as(OWNER);
    assertThat(
            session.column(
                "select attname from pg_stats where tablename = 'beta_customers'"
                    + " or tablename = 'whatsapp_configuration' and attname in ('api_key', 'verify_token')"))
        .isEmpty();
    // Violations name the constraint, but don't show the row.
    SQLException failure =
        session.failure(
            "update whatsapp_configuration set webhook_url = null where user_id = ?", OWNER);
    assertThat(failure.getMessage()).doesNotContain("secret");
  }

  @Test
  void leakyConditionsSeeNoForeignRow() throws SQLException {
    session.as(OWNER);
    session.execute(
        "create function pg_temp.shout(text) returns boolean language plpgsql cost 0.0000001 as"
            + " $$ begin raise exception 'leaked %', $1; end $$");
    assertThat(session.sqlState("select * from beta_customers where pg_temp.shout(name)"))
        .isEqualTo(Session.SUCCESS);
    assertThat(session.sqlState("select * from beta_messages where pg_temp.shout(message)"))
        .isEqualTo(Session.SUCCESS);
    assertThat(session.sqlState("update beta_orders set notes = 'x' where pg_temp.shout(status)"))
        .isEqualTo(Session.SUCCESS);
  }
}
