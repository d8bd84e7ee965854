package dev.dovetable.core.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.webhooks.WebhookBodies.Item;
import dev.dovetable.core.webhooks.WebhookBodies.StatusFor;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What bodies read: a plan made while tables are small is kept until there is very much in them.
 */
class WebhookPlansTest extends WebhookTest {
  private static final int PEOPLE = 60;
  private Business shop;

  @BeforeEach
  void makeShop() {
    shop = newBusiness();
  }

  @Test
  void deliveryReadsByIndexHoweverSmallTheTablesAre() throws SQLException {
    receive(WebhookBodies.body(shop.phoneNumberId(), text(1, 1)));

    // The host's own statements are planned as before.
    assertThat(afterReceiving(text(1, 2))).containsExactly(0, 1, "on");
  }

  @ParameterizedTest
  @MethodSource
  void bodyOfSomebodyKnownReadsNobodyElse(Item next) throws SQLException {
    receive(
        WebhookBodies.body(
            shop.phoneNumberId(),
            IntStream.rangeClosed(1, PEOPLE).mapToObj(person -> text(person, 1)).toList()));

    assertThat(afterReceiving(next)).containsExactly(0, 1, "on");
  }

  static List<Item> bodyOfSomebodyKnownReadsNobodyElse() {
    return List.of(text(7, 2), new StatusFor("wamid.of.ours", "sent", phone(7), userId(7), 2));
  }

  private static Text text(int person, int at) {
    return Text.from("wamid.%d.%d".formatted(person, at), phone(person), userId(person), "Ada", at);
  }

  private static String phone(int person) {
    return "155501%02d".formatted(person);
  }

  private static String userId(int person) {
    return "US.%02d".formatted(person);
  }

  /** Scans of all of a table, rows read of who is who, and whether plans are the host's again. */
  private List<Object> afterReceiving(Item item) throws SQLException {
    String prefix = shop.agent().prefix();
    asSuperuser(
        "analyze crm.%1$s_whatsapp_deliveries, crm.%1$s_whatsapp_sightings".formatted(prefix));
    String body = WebhookBodies.body(shop.phoneNumberId(), item);
    // What is counted may be older than the transaction, but not than the connection.
    try (HikariDataSource fresh = pool(1)) {
      return receiver(fresh)
          .transaction(
              tx -> {
                tx.webhooks().receive(body.getBytes(UTF_8), null);
                return tx.asAgent(prefix)
                    .dsl()
                    .fetchSingle(
                        "select sum(seq_scan)::integer,"
                            + " sum(idx_tup_fetch) filter (where relname = ?)::integer,"
                            + " current_setting('enable_seqscan')"
                            + " from pg_stat_xact_user_tables where relname in (?, ?)",
                        prefix + "_whatsapp_sightings",
                        prefix + "_whatsapp_sightings",
                        prefix + "_whatsapp_deliveries")
                    .intoList();
              });
    }
  }
}
