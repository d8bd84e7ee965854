package dev.dovetable.schema.database.functions;

import static dev.dovetable.schema.database.TwoAgents.ADMIN;
import static dev.dovetable.schema.database.TwoAgents.OTHER;
import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static dev.dovetable.schema.database.TwoAgents.SPARE;
import static dev.dovetable.schema.database.TwoAgents.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.Actor;
import dev.dovetable.schema.database.Session;
import dev.dovetable.schema.database.SqlFiles;
import dev.dovetable.schema.database.TwoAgents;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Colleagues of an agent's user: who makes them, what they may, and how it ends. */
@FreshDatabase(value = TwoAgents.class, perMethod = true)
class MembersTest {
  private static final String ADD = "select success from add_agent_member(1, ?)";
  private static final String REMOVE = "select success from remove_agent_member(1, ?)";
  private static final String ROWS = "select count(*) from alpha_customers";

  private Session owner;
  private Session session;

  @BeforeEach
  void open(PostgresDatabase database) throws SQLException {
    owner = new Session(database.dataSource());
    session = new Session(TwoAgents.login(database));
  }

  @AfterEach
  void close() throws SQLException {
    session.close();
    owner.close();
  }

  private List<String> members() throws SQLException {
    return owner.column("select user_id from crm_private.agent_members order by 1");
  }

  private void assertReads(UUID user, String customers) throws SQLException {
    assertThat(session.as(user).one(ROWS)).isEqualTo(customers);
  }

  @Test
  void aMemberWorksWithTheRowsAndNothingElseOfTheAgent() throws SQLException {
    assertReads(SPARE, "0");
    assertThat(session.as(OWNER).one(ADD, SPARE)).isEqualTo("t");

    assertReads(SPARE, "1");
    assertThat(session.one("select count(*) from beta_customers")).isEqualTo("0");
    for (String statement :
        List.of(
            "insert into alpha_customers (agent_id, name, phone) values (1, 'D', '1')",
            "update alpha_customers set name = 'E' where phone = '1'",
            "insert into alpha_messages (customer_id, message, direction) values (1, 'x', 'inbound')",
            "insert into alpha_orders_items (order_id, name, price) values (1, 'x', 2)",
            "delete from alpha_orders where id = 1",
            "delete from alpha_customers where true",
            "select crm_private.enter_agent('alpha', false)")) {
      assertThat(session.execute(statement)).as(statement).isPositive();
    }
    for (String refused :
        List.of(
            "delete_agent(1)",
            "update_agent_details(1, '{\"name\": \"x\"}')",
            "get_whatsapp_config('" + OWNER + "')",
            "update_whatsapp_config('" + OWNER + "', '1')",
            "add_agent_member(1, '" + OTHER + "')",
            "remove_agent_member(1, '" + OTHER + "')",
            "get_agent_members(2)",
            "get_user_agents('" + OWNER + "')")) {
      assertThat(session.sqlState("select * from " + refused)).as(refused).isEqualTo("42501");
    }
    assertThat(session.execute("delete from agents where true")).isZero();
    assertThat(session.sqlState("delete from crm_private.agent_members")).isEqualTo("42501");
  }

  @Test
  void ownersAdminsAndBackendsAddAndRemove() throws SQLException {
    for (Actor actor : List.of(Actor.OWNER, Actor.ADMIN, Actor.SERVICE, Actor.BACKEND)) {
      actor.enter(session);
      assertThat(session.one(ADD, SPARE)).as("%s", actor).isEqualTo("t");
      assertThat(session.one("select name from get_agent_members(1)")).isEqualTo("Sven");
      assertThat(session.one(REMOVE, SPARE)).as("%s", actor).isEqualTo("t");
      assertThat(session.one(REMOVE, SPARE)).as("%s", actor).isEqualTo("f");
    }
    for (Actor actor : List.of(Actor.OTHER, Actor.STRANGER, Actor.WITHOUT_CLAIMS, Actor.ANON)) {
      actor.enter(session);
      for (String call :
          List.of(
              "add_agent_member(1, '" + OTHER + "')",
              "remove_agent_member(1, '" + SPARE + "')",
              "get_agent_members(1)",
              "get_user_agents('" + OWNER + "')")) {
        assertThat(session.sqlState("select * from " + call))
            .as("%s: %s", actor, call)
            .isEqualTo("42501");
      }
    }
    session.as(OWNER);
    assertThat(session.one(ADD, OWNER)).isEqualTo("f");
    assertThat(session.one(ADD, STRANGER)).isEqualTo("f");
    assertThat(session.as(ADMIN).one("select success from add_agent_member(77, ?)", SPARE))
        .isEqualTo("f");
    assertThat(members()).isEmpty();
  }

  @Test
  void whoAddedThemIsKeptIfItIsKnown() throws SQLException {
    session.as(OWNER).execute(ADD, SPARE);
    session.service().execute(ADD, OTHER);
    assertThat(
            owner.rows("select user_id, added_by from crm_private.agent_members order by added_at"))
        .containsExactly(
            List.of(SPARE.toString(), OWNER.toString()), Arrays.asList(OTHER.toString(), null));
  }

  @Test
  void aMemberLeavesAndSeesTheOthers() throws SQLException {
    session.as(OWNER).execute(ADD, SPARE);
    session.execute(ADD, OTHER);
    session.as(SPARE);
    assertThat(session.column("select name from get_agent_members(agent_id => 1)"))
        .containsExactly("Sven", "Otto");
    // In the table itself, one's own memberships alone.
    assertThat(session.column("select user_id from crm_private.agent_members"))
        .containsExactly(SPARE.toString());
    assertThat(session.one(REMOVE, SPARE)).isEqualTo("t");
    assertReads(SPARE, "0");
    assertThat(session.sqlState("select * from get_agent_members(1)")).isEqualTo("42501");
    assertReads(OTHER, "1");
  }

  @Test
  void whichAgentsSomebodyMayOpenAndWhy() throws SQLException {
    session.as(OWNER).execute(ADD, OTHER);
    session.as(OTHER);
    assertThat(session.rows("select * from get_user_agents(user_id => ?)", OTHER))
        .containsExactly(List.of("1", "alpha", "member"), List.of("2", "beta", "owner"));
    assertThat(session.as(ADMIN).rows("select * from get_user_agents(?)", SPARE)).isEmpty();
  }

  @Test
  void membersGoWithTheAgentOnEveryPath() throws SQLException {
    owner.execute(
        "create function host() returns trigger language plpgsql as 'begin return old; end'");
    String function = "select delete_agent(%s)";
    for (List<String> path :
        List.of(
            List.of(function),
            List.of("delete from agents where id = %s"),
            List.of("select drop_agent_tables('gamma')", function),
            // With all cascades, as the host wants its trigger to fire.
            List.of(
                "create trigger host before delete on agents for each row execute function host()",
                function,
                "drop trigger host on agents"))) {
      long id = TwoAgents.addAgent(owner, SPARE, "gamma");
      owner.execute("select add_agent_member(?, ?)", id, OTHER);
      assertThat(members()).hasSize(1);
      for (String statement : path) {
        owner.execute(statement.formatted(id));
      }
      assertThat(members()).as("%s", path).isEmpty();
    }
    // Its tables alone go without its members.
    session.as(OWNER).execute(ADD, SPARE);
    owner.execute("select drop_agent_tables('alpha')");
    assertThat(members()).hasSize(1);
  }

  @Test
  void aDeletedUserIsNoMemberAndWhoBecomesTheUserNeither() throws SQLException {
    session.as(OWNER).execute(ADD, SPARE);
    session.execute(ADD, OTHER);
    owner.execute("delete from users where id = ?", SPARE);
    assertThat(members()).containsExactly(OTHER.toString());

    owner.execute("delete from agents where id = 2");
    owner.execute("update agents set user_id = ? where id = 1", OTHER);
    assertThat(members()).isEmpty();
    owner.execute("update agents set user_id = ? where id = 1", OWNER);
    assertReads(OTHER, "0");
  }

  @Test
  void theyAreAskedForOncePerStatementAndInParallel() throws SQLException {
    session.as(OWNER).execute(ADD, SPARE);
    session.as(SPARE);
    session.execute(
        "set min_parallel_table_scan_size = 0; set parallel_setup_cost = 0;"
            + " set parallel_tuple_cost = 0; set parallel_leader_participation = off;"
            + " set enable_indexscan = off; set enable_bitmapscan = off;"
            + " set enable_indexonlyscan = off");
    List<String> plan = session.column("explain select count(*) from alpha_messages");
    assertThat(plan).filteredOn(line -> line.strip().startsWith("InitPlan")).hasSize(1);
    assertThat(plan).anyMatch(line -> line.contains("Gather"));
    assertThat(session.one("select count(*) from alpha_messages")).isEqualTo("1");
  }

  @Test
  void oneUserIsAMemberOfFourAgents() throws SQLException {
    List<Long> agents =
        List.of(1L, 2L, TwoAgents.addAgent(owner, "gamma"), TwoAgents.addAgent(owner, "delta"));
    List<String> prefixes = List.of("alpha", "beta", "gamma", "delta");
    for (int i = 0; i < 4; i++) {
      if (i > 1) {
        TwoAgents.addOrder(owner, prefixes.get(i), agents.get(i));
      }
      owner.execute("select add_agent_member(?, ?)", agents.get(i), SPARE);
    }
    session.as(SPARE);
    assertThat(session.column("select agent_prefix from get_user_agents(?)", SPARE))
        .containsExactly("alpha", "beta", "delta", "gamma");
    for (int left = 4; left > 0; left--) {
      for (int i = 0; i < 4; i++) {
        assertThat(session.one("select count(*) from " + prefixes.get(i) + "_messages"))
            .as(prefixes.get(i))
            .isEqualTo(i < left ? "1" : "0");
      }
      owner.execute("select remove_agent_member(?, ?)", agents.get(left - 1), SPARE);
    }
  }

  /** Of those that the specification doesn't name. */
  @Test
  void aFunctionOfTheHostsIsNotReplaced() throws SQLException {
    for (String function :
        List.of("get_user_agents(uuid)", "move_agent_number(bigint, varchar, bigint)")) {
      String host = " create function " + function + " returns int language sql as 'select 7'";
      owner.execute("drop function " + function + ";" + host);
      SQLException refused = owner.failure(SqlFiles.read("schema/agent_management_functions.sql"));
      owner.execute("rollback");
      assertThat(refused.getSQLState()).isEqualTo("42723");
      assertThat(refused.getMessage()).contains(function.substring(0, function.indexOf('(')));
      assertThat(
              owner.one("select prosrc from pg_proc where oid = '" + function + "'::regprocedure"))
          .isEqualTo("select 7");
      owner.execute("drop function " + function);
      SqlFiles.run(owner, List.of("schema/agent_management_functions.sql"));
    }
  }
}
