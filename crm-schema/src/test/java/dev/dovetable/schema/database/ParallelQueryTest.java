package dev.dovetable.schema.database;

import static dev.dovetable.schema.database.TwoAgents.ADMIN;
import static dev.dovetable.schema.database.TwoAgents.OTHER;
import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static dev.dovetable.schema.database.TwoAgents.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row level security leaves large reads their parallel workers, and holds in the workers too. */
@FreshDatabase(TwoAgents.class)
class ParallelQueryTest {

  /** Has workers alone read even the smallest table, which else would not be worth any. */
  private static final String WORKERS_ONLY =
      "set min_parallel_table_scan_size = 0; set parallel_setup_cost = 0;"
          + " set parallel_tuple_cost = 0; set parallel_leader_participation = off;"
          + " set enable_indexscan = off; set enable_bitmapscan = off; set enable_indexonlyscan = off";

  private static Session session;

  @BeforeAll
  static void open(PostgresDatabase database) throws SQLException {
    session = new Session(TwoAgents.login(database));
    session.execute(WORKERS_ONLY);
  }

  @AfterAll
  static void close() throws SQLException {
    session.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"customers", "messages", "orders", "orders_items"})
  void agentsReadAsParallelAsTheService(String suffix) throws SQLException {
    String sql = "explain select count(*) from alpha_" + suffix;
    assertThat(session.service().column(sql)).anyMatch(line -> line.contains("Gather"));
    assertThat(session.as(OWNER).column(sql)).anyMatch(line -> line.contains("Gather"));
  }

  @Test
  void workersFollowTheClaimsOfEachExecution() throws SQLException {
    session.execute("set plan_cache_mode = force_generic_plan");
    try (PreparedStatement rows =
        session.connection().prepareStatement("select count(*) from alpha_messages")) {
      for (int round = 0; round < 7; round++) {
        for (UUID user : List.of(OWNER, OTHER, ADMIN, STRANGER)) {
          session.as(user);
          assertThat(count(rows))
              .as("%s in round %s", user, round)
              .isEqualTo(user.equals(OWNER) || user.equals(ADMIN) ? 1 : 0);
        }
        session.claims("");
        assertThat(count(rows)).isZero();
      }
    }
  }

  private static int count(PreparedStatement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
