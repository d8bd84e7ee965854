package dev.dovetable.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@FreshDatabase
class LockWaitsTest {

  @Test
  void tellsWhoWaitsForWhat(PostgresDatabase database) throws Exception {
    CompletableFuture<Void> waiting;
    try (Connection holder = database.dataSource().getConnection();
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("select pg_advisory_xact_lock(1), pg_advisory_xact_lock(2)");
      waiting = Background.run(() -> lock(database, 1));
      LockWait first = database.awaitLockWait();
      assertThat(first.lock()).isEqualTo("advisory");
      assertThat(first.statement()).isEqualTo("select pg_advisory_xact_lock(1)");

      CompletableFuture<Void> another = Background.run(() -> lock(database, 2));
      LockWait second = database.awaitLockWait(wait -> wait.processId() != first.processId());
      assertThat(second.statement()).isEqualTo("select pg_advisory_xact_lock(2)");
      assertThat(second.transactionStart()).isAfter(first.transactionStart());
      holder.rollback();
      another.get(1, TimeUnit.MINUTES);
    }
    waiting.get(1, TimeUnit.MINUTES);
  }

  @Test
  void givesUpAndTellsWhatThereIs(PostgresDatabase database) throws SQLException {
    try (Connection idle = database.dataSource().getConnection();
        Statement statement = idle.createStatement()) {
      statement.execute("select 'not waiting'");

      assertThatThrownBy(
              () -> LockWaits.await(database.dataSource(), any -> true, Duration.ofMillis(20)))
          .isInstanceOf(PostgresServerException.class)
          .hasMessageContaining("0.02S")
          .hasMessageContaining("idle")
          .hasMessageContaining("not waiting");
    }
  }

  private static void lock(PostgresDatabase database, int key) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("select pg_advisory_xact_lock(" + key + ")");
    }
  }
}
