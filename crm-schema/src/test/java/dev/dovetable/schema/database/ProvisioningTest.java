package dev.dovetable.schema.database;

import static dev.dovetable.schema.database.Fleet.assertNothingOrphaned;
import static dev.dovetable.schema.database.TwoAgents.ADMIN;
import static dev.dovetable.schema.database.TwoAgents.OTHER;
import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static dev.dovetable.schema.database.TwoAgents.SPARE;
import static dev.dovetable.schema.database.TwoAgents.addAgent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Agents come with their four tables and go with them, whichever way. */
class ProvisioningTest {

  private PostgresDatabase database;
  private Session owner;
  private Session session;

  @BeforeEach
  void open() throws SQLException {
    database = PostgresServer.shared().createDatabase(TwoAgents.class);
    owner = new Session(database.dataSource());
    session = new Session(TwoAgents.login(database));
  }

  @AfterEach
  void close() throws SQLException {
    try {
      assertNothingOrphaned(owner);
    } finally {
      session.close();
      owner.close();
      database.close();
    }
  }

  private String create(String prefix) throws SQLException {
    return session.one("select success from create_agent(?, ?, ?)", SPARE, prefix, ADMIN);
  }

  @Test
  void createdAgentIsReadyForItsUser() throws SQLException {
    session.as(ADMIN);
    assertThat(create("gamma")).isEqualTo("t");
    String id = owner.one("select id from agents where agent_prefix = 'gamma'");
    session.as(SPARE);
    TwoAgents.addOrder(session, "gamma", Long.parseLong(id));
    assertThat(session.one("select total_amount from gamma_orders")).isEqualTo("10.00");
    session.as(OWNER);
    assertThat(session.one("select count(*) from gamma_orders")).isEqualTo("0");
  }

  @Test
  void plainInsertMakesTheTablesToo() throws SQLException {
    for (Actor actor : List.of(Actor.ADMIN, Actor.SERVICE)) {
      actor.enter(session);
      session.execute(
          "insert into agents (agent_prefix, user_id, created_by) values ('gamma', ?, ?)",
          SPARE,
          ADMIN);
      assertNothingOrphaned(owner);
      session.execute("delete from agents where agent_prefix = 'gamma'");
      assertNothingOrphaned(owner);
    }
  }

  @Test
  void rolledBackCreationLeavesNothing() throws SQLException {
    Map<String, String> before = Contents.of(owner);
    session.service().begin();
    assertThat(create("gamma")).isEqualTo("t");
    session.rollback();
    session.begin();
    session.execute("savepoint s");
    assertThat(create("gamma")).isEqualTo("t");
    session.execute("rollback to s");
    session.commit();
    assertThat(Contents.of(owner)).isEqualTo(before);
  }

  @Test
  void rolledBackDeletionBringsEverythingBack() throws SQLException {
    Map<String, String> before = Contents.of(owner);
    session.service();
    for (String deletion :
        List.of(
            "select delete_agent(1)",
            "delete from agents where id = 1",
            "delete from agents where true",
            "select drop_agent_tables('alpha')")) {
      session.begin();
      session.execute(deletion);
      session.rollback();
      assertThat(Contents.of(owner)).as(deletion).isEqualTo(before);
    }
  }

  @Test
  void plainDeleteOfOneOfManyAndOfAllDropsTheirTables() throws SQLException {
    for (int i = 0; i < 5; i++) {
      String prefix = "many_" + i;
      TwoAgents.addOrder(owner, prefix, addAgent(owner, prefix));
    }
    session.as(OWNER);
    assertThat(session.execute("delete from agents where true")).isEqualTo(1);
    assertThat(owner.one("select to_regclass('alpha_customers')")).isNull();
    assertNothingOrphaned(owner);
    session.service();
    assertThat(
            session.execute(
                "delete from agents where agent_prefix in ('beta', 'many_1', 'many_2')"))
        .isEqualTo(3);
    assertNothingOrphaned(owner);
    owner.execute("delete from agents where true");
    assertThat(Fleet.ids(owner)).isEmpty();
  }

  /** Nothing says that an id is positive. */
  @Test
  void anAgentWithANegativeIdGoesWithItsTables() throws SQLException {
    for (String deletion : List.of("select delete_agent(-5)", "delete from agents where id = -5")) {
      session.service();
      session.execute(
          "insert into agents (id, agent_prefix, created_by) values (-5, 'gamma', ?)", ADMIN);
      TwoAgents.addOrder(owner, "gamma", -5);
      session.execute(deletion);
      assertThat(owner.one("select to_regclass('gamma_customers')")).as(deletion).isNull();
    }
  }

  /** As when a row is restored from a copy. */
  @Test
  void anAgentThatIsBackWhenItsDeletionCommitsKeepsItsTables() throws SQLException {
    owner.begin();
    owner.execute(
        "create temporary table copy on commit drop as select * from agents where id = 1");
    owner.execute("delete from agents where id = 1");
    owner.execute("insert into agents select * from copy");
    owner.commit();

    assertThat(Fleet.ids(owner)).containsExactly(1L, 2L);
    assertNothingOrphaned(owner);
    session.as(OWNER);
    session.execute("insert into alpha_customers (agent_id, name, phone) values (1, 'Ada', '1')");
    session.execute("delete from agents where id = 1");
  }

  @Test
  void deleteAgentTakesTheTablesAndTheRowAndDeactivatesTheConfiguration() throws SQLException {
    session.as(OWNER);
    assertThat(session.one("select success from delete_agent(1)")).isEqualTo("t");
    assertThat(Fleet.ids(owner)).containsExactly(2L);
    assertThat(owner.one("select is_active from whatsapp_configuration where user_id = ?", OWNER))
        .isEqualTo("f");
    assertThat(owner.one("select count(*) from whatsapp_configuration where is_active"))
        .isEqualTo("1");
    assertThat(owner.one("select count(*) from beta_customers")).isEqualTo("1");
    assertThat(owner.one("select count(*) from users")).isEqualTo("4");
  }

  @Test
  void plainDeleteDeactivatesTheConfigurationToo() throws SQLException {
    String active = "select user_id from whatsapp_configuration where is_active order by 1";
    session.as(OWNER);
    session.execute("delete from agents where id = 1");
    assertThat(owner.column(active)).containsExactly(OTHER.toString());
    // Not of whoever has another agent by then.
    owner.begin();
    owner.execute("delete from agents where id = 2");
    owner.execute(
        "insert into agents (agent_prefix, user_id, created_by) values ('gamma', ?, ?)",
        OTHER,
        ADMIN);
    owner.commit();
    assertThat(owner.column(active)).containsExactly(OTHER.toString());
  }

  @Test
  void severalCreationsAndDeletionsFitIntoOneTransaction() throws SQLException {
    session.service().begin();
    assertThat(create("gamma")).isEqualTo("t");
    String id = session.one("select id from agents where agent_prefix = 'gamma'");
    assertThat(session.one("select success from delete_agent(?::bigint)", id)).isEqualTo("t");
    assertThat(session.one("select success from delete_agent(1)")).isEqualTo("t");
    assertThat(session.one("select success from delete_agent(2)")).isEqualTo("t");
    assertThat(session.one("select success from create_agent(?, 'alpha', ?)", OWNER, ADMIN))
        .isEqualTo("t");
    assertThat(create("gamma")).isEqualTo("t");
    session.commit();
    assertThat(owner.column("select agent_prefix from agents order by 1"))
        .containsExactly("alpha", "gamma");
    // The new alpha is another agent than the old one, and its tables are its own.
    String alpha = owner.one("select id from agents where agent_prefix = 'alpha'");
    TwoAgents.addOrder(owner, "alpha", Long.parseLong(alpha));
    assertThat(
            owner.sqlState(
                "insert into alpha_customers (agent_id, name, phone) values (1, 'x', '1')"))
        .isEqualTo("23514");
  }

  @Test
  void prefixOfAPlainlyDeletedAgentIsFreeOnceThatIsCommitted() throws SQLException {
    session.service().begin();
    session.execute("delete from agents where id = 1");
    assertThat(session.one("select success from create_agent(?, 'alpha', ?)", SPARE, ADMIN))
        .isEqualTo("f");
    assertThat(
            session.sqlState(
                "insert into agents (agent_prefix, user_id, created_by) values ('alpha', ?, ?)",
                SPARE,
                ADMIN))
        .isEqualTo("42P07");
    session.commit();
    assertThat(session.one("select success from create_agent(?, 'alpha', ?)", SPARE, ADMIN))
        .isEqualTo("t");
  }

  @Test
  void tableFunctionsChangeNothingThatIsThere() throws SQLException {
    Map<String, String> before = Contents.of(owner);
    session.as(ADMIN);
    session.execute("select create_agent_tables('alpha', 1)");
    session.execute("select create_agent_indexes('alpha')");
    session.execute("select drop_agent_tables('gamma')");
    for (String wrong :
        List.of("'alpha', 2", "'beta', 1", "'gamma', 1", "'alpha', null", "'alpha', -1")) {
      assertThat(session.sqlState("select create_agent_tables(" + wrong + ")"))
          .as(wrong)
          .isEqualTo("22023");
    }
    assertThat(session.sqlState("select create_agent_indexes('gamma')")).isEqualTo("42P01");
    assertThat(Contents.of(owner)).isEqualTo(before);
  }

  @Test
  void tableFunctionsBringBackWhatIsMissing() throws SQLException {
    String catalogue = Contents.of(owner).get("catalogue");
    for (String loss :
        List.of(
            "select drop_agent_tables('alpha')",
            "drop table alpha_messages",
            "drop table alpha_orders_items",
            "drop table alpha_orders_items, alpha_orders",
            "drop index alpha_customers_phone_idx",
            "alter table alpha_customers disable row level security",
            "grant all on alpha_customers to public")) {
      owner.execute(loss);
      session.service();
      session.execute("select create_agent_tables('alpha', 1)");
      assertThat(Contents.of(owner).get("catalogue")).as(loss).isEqualTo(catalogue);
      session.as(OWNER);
      assertThat(
              session.sqlState(
                  "insert into alpha_customers (agent_id, name, phone) values (1, 'x', '1')"))
          .isEqualTo(Session.SUCCESS);
    }
  }

  @Test
  void agentWithoutTablesCanBeDeleted() throws SQLException {
    owner.execute("select drop_agent_tables('alpha')");
    owner.execute("select drop_agent_tables('beta')");
    session.service();
    assertThat(session.one("select success from delete_agent(1)")).isEqualTo("t");
    assertThat(session.execute("delete from agents where id = 2")).isEqualTo(1);
    assertThat(Fleet.ids(owner)).isEmpty();
  }

  @Test
  void usersGoButNotThoseWhoMadeAgents() throws SQLException {
    session.service();
    assertThat(session.sqlState("delete from users where id = ?", ADMIN)).isEqualTo("23502");
    assertThat(session.sqlState("delete from users where true")).isEqualTo("23502");
    assertThat(session.execute("delete from users where id = ?", OWNER)).isEqualTo(1);
    assertThat(owner.one("select user_id is null from agents where id = 1")).isEqualTo("t");
    assertThat(owner.one("select count(*) from whatsapp_configuration where user_id = ?", OWNER))
        .isEqualTo("0");
    assertThat(owner.one("select count(*) from alpha_customers")).isEqualTo("1");
    assertThat(session.one("select success from delete_agent(1)")).isEqualTo("t");
  }
}
