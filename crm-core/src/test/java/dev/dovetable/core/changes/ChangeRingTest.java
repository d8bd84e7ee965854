package dev.dovetable.core.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.testkit.server.Background;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangeRingTest extends FeedTest {
  private TenantScope shop;
  private int customer;

  @BeforeEach
  void startAnew() {
    asSuperuser(
        "truncate crm_private.changes; update crm_private.change_ring set slot = 0, began = now(), lost = null,"
            + " waiting = null, waiting_since = null, closed = array_fill(null::pg_snapshot, array[4])");
    shop = newTenant();
    customer = shop.customers().create(new NewCustomer("Ada", "49" + System.nanoTime())).id();
  }

  /** As if the part at hand were full. */
  private static boolean rotate() {
    asSuperuser("update crm_private.change_ring set began = now() - interval '13 hours'");
    return all().rotate();
  }

  private static String filled() {
    return String.join(
        " ",
        superuser(
            "select string_agg(c.tableoid::regclass::text, ' ' order by 1) from"
                + " (select distinct tableoid from crm_private.changes) c"));
  }

  @Test
  void isTurnedOnlyWhenItIsTime() {
    assertThat(all().rotate()).isFalse();
    assertThat(rotate()).isTrue();
    assertThat(all().rotate()).isFalse();
  }

  @Test
  void keepsThreePartsAndTellsWhoIsTooLate() {
    ChangeCursor start = all().now();
    for (int turn = 0; turn < 3; turn++) {
      shop.messages().recordInbound(customer, "x");
      assertThat(rotate()).isTrue();
    }
    assertThat(since(all(), start)).hasSize(3);
    ChangeCursor end = all().now();

    assertThat(rotate()).isTrue();

    assertThat(superuser("select count(*) from crm_private.changes")).containsExactly("2");
    assertLost(() -> all().read(start, 10));
    assertLost(() -> shop.changes().read(start, 10));
    // Who has seen what was emptied misses nothing.
    assertThat(since(all(), end)).isEmpty();
  }

  private static void assertLost(Runnable reading) {
    assertThatThrownBy(reading::run)
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(RefusedException.Reason.CHANGES_LOST));
  }

  @Test
  void aConsumerThatIsTooLateIsToldAndGoesOn() {
    ChangeConsumer consumer = all().consumer("late");
    consumer.restart();
    shop.messages().recordInbound(customer, "x");
    for (int turn = 0; turn < 4; turn++) {
      rotate();
    }
    assertLost(() -> consumer.take(10));

    consumer.restart();
    long message = shop.messages().recordInbound(customer, "y").id();

    assertThat(consumer.take(10)).extracting(Change::ids).containsExactly(List.of(message));
    assertThat(consumer.remove()).isTrue();
    assertThat(consumer.remove()).isFalse();
  }

  /** Neither is waited for, and neither notices. */
  @Test
  void isNotTurnedUnderWritersAndReaders() throws Exception {
    try (Connection writer = database.dataSource().getConnection();
        Connection reader = database.dataSource().getConnection()) {
      writer.setAutoCommit(false);
      execute(writer, insert("written"));
      for (int turn = 0; turn < 3; turn++) {
        assertThat(rotate()).isTrue();
      }
      assertThat(rotate()).as("its part would be next").isFalse();
      // Others write on, into the part at hand.
      shop.messages().recordInbound(customer, "x");
      writer.commit();

      reader.setAutoCommit(false);
      execute(reader, "select crm_private.read_changes(null, null, 1)");
      assertThat(rotate()).as("somebody reads").isFalse();
      reader.commit();
    }
  }

  private String insert(String text) {
    return "insert into crm.%s_messages (customer_id, message, direction) values (%d, '%s', 'inbound')"
        .formatted(shop.prefix(), customer, text);
  }

  /** What was committed just now isn't emptied, however long ago it was written. */
  @Test
  void aTransactionThatOutlivesTheRingIsSeen() throws Exception {
    ChangeCursor cursor;
    try (Connection open = database.dataSource().getConnection()) {
      open.setAutoCommit(false);
      execute(open, insert("old"));
      for (int turn = 0; turn < 3; turn++) {
        assertThat(rotate()).isTrue();
      }
      cursor = all().now();
      open.commit();
    }
    assertThat(rotate()).as("nobody can have seen it").isFalse();
    ChangeCursor before = cursor;
    assertThat(since(all(), before)).hasSize(1);

    asSuperuser(
        "update crm_private.change_ring set waiting_since = now() - interval '5 hours', began = now() - interval '19 hours'");
    assertThat(all().rotate()).isTrue();
    assertLost(() -> all().read(before, 10));
    assertThat(since(all(), all().now())).isEmpty();
  }

  /** One who waits for the end of a truncation finds out that something is gone. */
  @Test
  void whoReadsWhileAPartIsEmptiedIsTold() throws Exception {
    ChangeCursor start = all().now();
    shop.messages().recordInbound(customer, "x");
    for (int turn = 0; turn < 3; turn++) {
      rotate();
    }
    try (Connection rotating = database.dataSource().getConnection()) {
      rotating.setAutoCommit(false);
      asSuperuser("update crm_private.change_ring set began = now() - interval '13 hours'");
      execute(rotating, "select crm_private.rotate_changes()");
      CompletableFuture<ChangePage> reading = Background.call(() -> all().read(start, 10));
      database.awaitLockWait();
      rotating.commit();
      assertThatThrownBy(reading::get).hasCauseInstanceOf(RefusedException.class);
    }
  }

  @Test
  void partsFollowEachOther() {
    for (int turn = 0; turn < 5; turn++) {
      String part =
          "crm_private.changes_" + superuser("select slot from crm_private.change_ring").get(0);
      shop.messages().recordInbound(customer, "x");
      assertThat(filled()).contains(part);
      rotate();
    }
    assertThat(
            superuser(
                "select count(*) from pg_inherits where inhparent = 'crm_private.changes'::regclass"))
        .as("nothing was made or dropped")
        .containsExactly("4");
  }

  @Test
  void startsAnewInAnotherCluster() {
    ChangeCursor start = all().now();
    shop.messages().recordInbound(customer, "x");
    asSuperuser("update crm_private.change_ring set system_identifier = 7, broadcasts = false");
    assertLost(() -> all().read(start, 10));

    assertThat(all().rotate()).isTrue();

    assertThat(superuser("select count(*) from crm_private.changes")).containsExactly("0");
    assertThat(since(all(), all().now())).isEmpty();
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (statement.execute(sql)) {
        try (ResultSet rows = statement.getResultSet()) {
          assertThat(rows.next()).isTrue();
        }
      }
    }
  }
}
