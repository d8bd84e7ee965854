package dev.dovetable.core.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.webhooks.WebhookBodies.Text;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.testkit.server.Background;
import dev.dovetable.testkit.server.LockWait;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The library's lock.sql and the database's store_webhook() queue for the same thing. */
class WebhookLockTest extends WebhookTest {

  /** Of a known sender, so that the library itself stores it, without store_webhook(). */
  @Test
  void whoIsStoredByTheFunctionAndByTheLibraryWaitForEachOther() throws Exception {
    Business shop = newBusiness();
    receive(body(shop, 1));
    CompletableFuture<WebhookReport> waiting;
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(
          "select crm_private.store_webhook('%s', '{\"messages\": [], \"statuses\": []}')"
              .formatted(shop.agent().prefix()));
      waiting = Background.call(() -> receive(body(shop, 2)));
      LockWait wait = database.awaitLockWait();

      assertThat(advisoryLocks(statement, "pid = pg_backend_pid() and granted"))
          .hasSize(1)
          .isEqualTo(advisoryLocks(statement, "pid = " + wait.processId() + " and not granted"));
      assertThat(superuser("select count(*) from crm." + shop.agent().prefix() + "_messages"))
          .containsExactly("1");
      connection.rollback();
    }

    assertThat(waiting.get(2, TimeUnit.MINUTES).count(Outcome.STORED)).isEqualTo(1);
  }

  private static String body(Business shop, int message) {
    return WebhookBodies.body(
        shop.phoneNumberId(), Text.from("wamid." + message, "15550100", "Ada", message));
  }

  /** The keys, as pg_locks has them. */
  private static List<String> advisoryLocks(Statement statement, String condition)
      throws SQLException {
    List<String> keys = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery(
            "select concat_ws(' ', database, classid, objid, objsubid) from pg_locks"
                + " where locktype = 'advisory' and "
                + condition)) {
      while (rows.next()) {
        keys.add(rows.getString(1));
      }
    }
    return keys;
  }
}
