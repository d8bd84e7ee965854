package dev.dovetable.schema.database;

import static dev.dovetable.schema.database.Fleet.assertNothingOrphaned;
import static dev.dovetable.schema.database.TwoAgents.ADMIN;
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

/** Prefixes make names: which are accepted, and that no two are confused. */
class PrefixTest {

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
  void namesThatLookAlikeAreNotConfused() throws SQLException {
    for (String prefix :
        List.of("agt_1", "agt_1x", "agtx1", "agt_", "agt", "shop", "shop_orders")) {
      TwoAgents.addOrder(owner, prefix, addAgent(owner, prefix));
    }
    for (String prefix : List.of("agt_1", "agt_", "shop_orders", "shop", "agt")) {
      int agents = Fleet.ids(owner).size();
      String id = owner.one("select id from agents where agent_prefix = ?", prefix);
      if (prefix.equals("agt")) {
        owner.execute("delete from agents where id = ?::bigint", id);
      } else {
        assertThat(owner.one("select success from delete_agent(?::bigint)", id)).isEqualTo("t");
      }
      assertThat(Fleet.ids(owner)).hasSize(agents - 1);
      assertNothingOrphaned(owner);
    }
    assertThat(owner.one("select count(*) from agt_1x_customers")).isEqualTo("1");
    assertThat(owner.one("select count(*) from agtx1_orders_items")).isEqualTo("1");
  }

  @Test
  void malformedPrefixesAreRefusedEverywhere() throws SQLException {
    Map<String, String> before = Contents.of(owner);
    session.service();
    for (String prefix :
        List.of(
            "",
            " ",
            "A",
            "Agt",
            "1agt",
            "_agt",
            "agt 1",
            "agt-1",
            "agt.1",
            "public.agt",
            "agt'",
            "agt\"",
            "agt;",
            "agt\n",
            "agt\t",
            "\nagt",
            "agt%",
            "agt\\",
            "agt$",
            "ägt",
            "agté",
            "аgt",
            "agtİ",
            "x; drop table users;",
            "x');drop table users;--",
            "x\" cascade; --",
            "a23456789012345678901")) {
      assertThat(create(prefix)).as(prefix).isEqualTo("f");
      assertThat(
              session.sqlState(
                  "insert into agents (agent_prefix, user_id, created_by) values (?, ?, ?)",
                  prefix,
                  SPARE,
                  ADMIN))
          .as(prefix)
          .isIn("23514", "22001", "22023");
      for (String function :
          List.of("create_agent_tables(?, 1)", "drop_agent_tables(?)", "create_agent_indexes(?)")) {
        assertThat(session.sqlState("select " + function, prefix)).as(prefix).isEqualTo("22023");
      }
    }
    for (String function :
        List.of(
            "create_agent_tables(null, 1)",
            "drop_agent_tables(null)",
            "create_agent_indexes(null)")) {
      assertThat(session.sqlState("select " + function)).isEqualTo("22023");
    }
    assertThat(Contents.of(owner)).isEqualTo(before);
  }

  @Test
  void oddButWellFormedPrefixesWork() throws SQLException {
    for (String prefix :
        List.of(
            "a",
            "select",
            "user",
            "pg_x",
            "a__",
            "a_1",
            "users",
            "agents",
            "a2345678901234567890")) {
      TwoAgents.addOrder(owner, prefix, addAgent(owner, prefix));
    }
    assertNothingOrphaned(owner);
    for (Long id : Fleet.ids(owner)) {
      assertThat(owner.one("select success from delete_agent(?)", id)).isEqualTo("t");
    }
  }

  @Test
  void namesCarryThePrefixAndAreNotCutOff() throws SQLException {
    String longest = "a_prefix_of_20_chars";
    addAgent(owner, longest);

    List<String> names =
        owner.column(
            """
            select relname from pg_class where relnamespace = 'public'::regnamespace and relname ~ '^a_pref'
            union all
            select c.conname from pg_constraint c join pg_class t on t.oid = c.conrelid
            where t.relnamespace = 'public'::regnamespace and t.relname ~ '^a_pref' and c.contype <> 'n'
            union all
            select p.polname from pg_policy p join pg_class t on t.oid = p.polrelid where t.relname ~ '^a_pref'
            """);
    // 4 tables, 4 sequences and 16 indexes at least; 12 constraints; 4 policies
    assertThat(names).hasSizeGreaterThanOrEqualTo(40);
    assertThat(names)
        .allSatisfy(name -> assertThat(name).startsWith(longest + "_").hasSizeLessThan(63));
    assertThat(
            owner.column(
                "select replace(relname, 'alpha_', '') from pg_class where relname like 'alpha\\_%' order by 1"))
        .isEqualTo(
            owner.column(
                "select replace(relname, '%s_', '') from pg_class where relname ~ '^a_prefix' order by 1"
                    .formatted(longest)));
  }
}
