package dev.dovetable.schema.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.fixture.CatalogSnapshot;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.install.InstallReport.Outcome;
import dev.dovetable.schema.install.SchemaStatus.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** An installation that dies half-way leaves nothing, and the next one is not in its way. */
class KilledInstallTest {
  @Test
  void serverEndsTheSession() throws Exception {
    try (TestDatabase database = TestDatabase.create();
        Connection obstacle = database.superuser().getConnection()) {
      CatalogSnapshot before = database.snapshot();
      ExecutorService thread = Executors.newSingleThreadExecutor();
      try {
        Future<InstallReport> installation = startWhatStopsHalfWay(database, obstacle, thread);
        int installer = database.embedded().awaitLockWait().processId();
        database.execute("select pg_terminate_backend(" + installer + ")");

        assertThatThrownBy(installation::get)
            .isInstanceOf(ExecutionException.class)
            .cause()
            .isInstanceOf(SchemaException.class)
            .extracting("reason")
            .isEqualTo(Reason.UNREACHABLE);
      } finally {
        thread.shutdownNow();
      }
      obstacle.rollback();

      assertThat(database.snapshot().differencesFrom(before)).isEmpty();
      assertThat(CrmSchema.create().status(database.superuser()).state()).isEqualTo(State.EMPTY);
      assertThat(CrmSchema.create().install(database.superuser()).outcome())
          .isEqualTo(Outcome.INSTALLED);
    }
  }

  @Test
  void aFileFails() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      // Free until the last file but one, which needs this name for another kind of object.
      database.execute(
          "create schema crm_private create table t (id int);"
              + " create procedure crm_private.forget_message() language sql as 'select 1'");
      CatalogSnapshot before = database.snapshot();

      assertThatThrownBy(() -> CrmSchema.create().install(database.superuser()))
          .isInstanceOf(SchemaException.class)
          .hasMessageContaining("schema/webhooks.sql")
          .hasMessageContaining("forget_message")
          .hasMessageContaining("Nothing was changed");

      assertThat(database.snapshot().differencesFrom(before)).isEmpty();
    }
  }

  /**
   * Holds the name of a table that the third file makes, uncommitted: the installer waits there.
   */
  private static Future<InstallReport> startWhatStopsHalfWay(
      TestDatabase database, Connection obstacle, ExecutorService thread) throws SQLException {
    obstacle.setAutoCommit(false);
    try (Statement statement = obstacle.createStatement()) {
      statement.execute("create table public.agents (id int)");
    }
    return thread.submit(() -> CrmSchema.create().install(database.superuser()));
  }
}
