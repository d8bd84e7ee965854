package dev.dovetable.core.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.schema.migration.AgentMigrations;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Searching by SQL, as whom supabase-js signs in: nobody sees more than row level security shows.
 */
class SearchAttacksTest extends DatabaseTest {
  private static final String ID = "select id from crm.agents where agent_prefix = '%s'";
  private static TenantScope mine;
  private static TenantScope others;
  private static UUID me;

  @BeforeAll
  static void register() {
    Agent agent = newAgent();
    me = agent.userId().orElseThrow();
    mine = crm.asAgent(agent.prefix());
    others = newTenant();
    for (TenantScope scope : List.of(mine, others)) {
      int ada = scope.customers().create(new NewCustomer("Ada", "4917155512")).id();
      scope.messages().recordInbound(ada, "the secret of " + scope.prefix());
    }
    AgentMigrations.builder(MessageSearch.extension())
        .schema(Installed.SCHEMA)
        .build()
        .run(database.dataSource());
  }

  /** What runs as a signed-in user, in a transaction that is rolled back. */
  private interface Work {
    void on(Statement statement) throws SQLException;
  }

  private static void as(UUID user, Work work) {
    try (Connection connection = database.dataSource(login).getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(
          """
          set local search_path = crm;
          set local role authenticated;
          set local request.jwt.claims = '{"role": "authenticated", "sub": "%s"}';
          """
              .formatted(user));
      work.on(statement);
      connection.rollback();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static void asOwner(String sql) throws SQLException {
    try (Connection owner = database.dataSource().getConnection();
        Statement statement = owner.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String single(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static String refusal(Statement statement, String sql) throws SQLException {
    statement.execute("savepoint before");
    try {
      statement.execute(sql);
    } catch (SQLException e) {
      statement.execute("rollback to before");
      return e.getSQLState() + " " + e.getMessage().lines().findFirst().orElse("");
    }
    return "nothing";
  }

  @Test
  void anothersPrefixAndNoneAreAnsweredAlike() {
    as(
        me,
        statement -> {
          for (String call :
              List.of("search_messages('%s', 'secret')", "search_customers('%s', 'ada')")) {
            assertThat(single(statement, "select count(*) from " + call.formatted(mine.prefix())))
                .isEqualTo("1");
            List<String> answers = new ArrayList<>();
            for (String prefix :
                List.of(
                    others.prefix(), "absent", "x_messages m; drop table agents --", "''", "%")) {
              answers.add(
                  refusal(statement, "select * from " + call.formatted(prefix))
                      .replace(prefix.replace("''", "'"), "?"));
            }
            answers.add(
                refusal(statement, "select * from " + call.formatted("").replace("''", "null"))
                    .replace("<NULL>", "?"));
            assertThat(answers.get(0)).startsWith("42501 ERROR: there is no agent ? of yours");
            assertThat(answers).containsOnly(answers.get(0));
          }
        });
  }

  @Test
  void noTextIsAQueryOfPostgres() {
    as(
        me,
        statement -> {
          for (String call : List.of("search_messages", "search_customers")) {
            assertThat(
                    single(
                        statement,
                        """
                        select count(*) from (
                          select (select count(*) from %2$s('%1$s', q)) from (
                            select chr(i) || chr(i + 1) from generate_series(1, 55000, 271) i
                            union all
                            select chr(a) || chr(b) || 'x' from generate_series(32, 126, 3) a,
                              unnest(array[39, 92, 42, 58, 33, 124, 38, 40, 37]) b
                            union all values (null), (''), (repeat('a''\\ ', 100000)), ('secret:*|x'), ('@2922'), ('#1')
                          ) as queries (q)
                        ) x
                        """
                            .formatted(mine.prefix(), call)))
                .isEqualTo("497");
          }
          for (String marker : List.of("@2922", "#1", "*", "%", "!x", "secret & absent")) {
            assertThat(
                    single(
                        statement,
                        "select count(*) from search_messages('%s', '%s')"
                            .formatted(mine.prefix(), marker)))
                .as(marker)
                .isEqualTo("0");
          }
        });
  }

  @Test
  void plansStatisticsAndFunctionsTellNothing() throws SQLException {
    asOwner("analyze crm." + others.prefix() + "_messages");
    as(
        me,
        statement -> {
          assertThat(
                  single(
                      statement,
                      "explain (costs off) select * from search_messages('%s', 'secret') where message ~ 'x'"
                          .formatted(others.prefix())))
              .isEqualTo("Function Scan on search_messages");
          assertThat(
                  single(
                      statement,
                      "select count(*) from pg_stats where tablename like '%s%%'"
                          .formatted(others.prefix())))
              .isEqualTo("0");
          statement.execute(
              "create function pg_temp.leak(t text) returns boolean language plpgsql cost 0.0001 as"
                  + " $$ begin raise exception 'leaked %', t; end $$");
          assertThat(
                  refusal(
                      statement,
                      "select * from search_messages('%s', 'secret') where pg_temp.leak(message)"
                          .formatted(others.prefix())))
              .doesNotContain("leaked");
          for (String inner :
              List.of("search_query('x')", "search_require('%s', 'messages_search_idx')")) {
            assertThat(refusal(statement, "select crm_private." + inner.formatted(others.prefix())))
                .startsWith("42501");
          }
        });
  }

  @Test
  void whoLosesTheirRightsFindsNothingMore() {
    UUID colleague = newUser(UserRole.AGENT).id();
    String search = "select count(*) from search_messages('%s', 'secret')".formatted(mine.prefix());
    as(
        colleague,
        statement -> {
          assertThat(refusal(statement, search)).startsWith("42501");
          asOwner(
              "select crm.add_agent_member((%s), '%s')"
                  .formatted(ID.formatted(mine.prefix()), colleague));
          assertThat(single(statement, search)).isEqualTo("1");
          asOwner(
              "select crm.remove_agent_member((%s), '%s')"
                  .formatted(ID.formatted(mine.prefix()), colleague));
          assertThat(refusal(statement, search)).startsWith("42501");
        });
    as(me, statement -> assertThat(single(statement, search)).isEqualTo("1"));
  }
}
