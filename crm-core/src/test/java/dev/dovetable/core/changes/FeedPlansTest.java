package dev.dovetable.core.changes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.agents.Agent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a poll reads, however many agents there are and however much has happened before. */
class FeedPlansTest extends FeedTest {
  private static final Pattern BUFFERS = Pattern.compile("shared hit=(\\d+)(?: read=(\\d+))?");

  @Test
  void aPollReadsWhatIsNewAlone() throws Exception {
    Agent agent = newAgent();
    fill(10, 2_000);
    int few = pagesOf("null", agent);
    int fewOfOne = pagesOf("'" + agent.prefix() + "'", agent);

    fill(5_000, 100_000);

    assertThat(pagesOf("null", agent)).isLessThan(few + few / 2 + 20);
    assertThat(pagesOf("'" + agent.prefix() + "'", agent)).isLessThan(fewOfOne + fewOfOne / 2 + 20);
  }

  /**
   * A transaction that stays open isn't paid for by reading what has come since, again and again.
   */
  @Test
  void aTransactionThatStaysOpenCostsNothing() throws Exception {
    Agent agent = newAgent();
    fill(10, 1_000);
    int before = pagesOf("null", agent);
    try (Connection open = database.dataSource().getConnection();
        Statement statement = open.createStatement()) {
      open.setAutoCommit(false);
      statement.execute("select pg_current_xact_id()");
      fill(10, 50_000);

      assertThat(pagesOf("null", agent)).isLessThan(before + before / 2 + 20);
    }
  }

  private static void fill(int agents, int changes) {
    asSuperuser(
        "insert into crm_private.changes_0 (agent_id, topic, operation, ids, customer_ids)"
            + " select 1000000 + i %% %d, 'messages', 'INSERT', array[i], array[i] from generate_series(1, %d) i"
                .formatted(agents, changes));
  }

  /**
   * Pages read by a poll for ten changes that were committed since the last one: the least of
   * several, since statements are planned anew when the server analyses a table meanwhile, and each
   * transaction that other tests have open is looked up.
   */
  private static int pagesOf(String prefix, Agent agent) throws SQLException {
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      least = Math.min(least, pagesOfOne(prefix, agent));
    }
    return least;
  }

  private static int pagesOfOne(String prefix, Agent agent) throws SQLException {
    String place = all().now().place();
    for (int i = 0; i < 10; i++) {
      asSuperuser(
          "insert into crm_private.changes_0 (agent_id, topic, operation, ids, customer_ids) values (%d, 'messages', 'INSERT', '{1}', '{1}')"
              .formatted(agent.id()));
    }
    String poll = "select crm_private.read_changes(" + prefix + ", '" + place + "', 1000)";
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < 7; i++) {
        try (ResultSet row = statement.executeQuery(poll)) {
          assertThat(row.next()).isTrue();
          assertThat(row.getString(1).split("\"topic\"")).hasSize(11);
        }
      }
      try (ResultSet plan =
          statement.executeQuery("explain (analyze, buffers, timing off) " + poll)) {
        while (plan.next()) {
          Matcher buffers = BUFFERS.matcher(plan.getString(1));
          if (buffers.find()) {
            return Integer.parseInt(buffers.group(1))
                + (buffers.group(2) == null ? 0 : Integer.parseInt(buffers.group(2)));
          }
        }
      }
    }
    throw new AssertionError("no buffers");
  }
}
