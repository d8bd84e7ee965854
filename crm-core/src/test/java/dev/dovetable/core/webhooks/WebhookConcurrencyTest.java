package dev.dovetable.core.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.Crm;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.fixture.Concurrently;
import dev.dovetable.core.fixture.ReceivingProcess;
import dev.dovetable.core.webhooks.UnroutedWebhook.Reason;
import dev.dovetable.core.webhooks.WebhookBodies.Item;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.testkit.server.wire.CustomDataSource;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many receivers at the same moment, some of which are killed. */
class WebhookConcurrencyTest extends WebhookTest {
  private static final PageRequest PAGE = PageRequest.first(1000);

  @Test
  void copiesOnSeveralServersAreStoredOnce() throws Exception {
    Business shop = newBusiness();
    int messages = 12;

    List<Long> stored =
        Concurrently.run(
            4,
            server -> {
              long count = 0;
              for (int i = 0; i < messages; i++) {
                // A new sender each time, so that all servers make the customer.
                String phone = "1555" + i;
                count +=
                    receive(
                            WebhookBodies.body(
                                shop.phoneNumberId(),
                                Text.from("wamid." + i, phone, "US." + i, "C" + i, i)))
                        .count(Outcome.STORED);
              }
              return count;
            });

    assertThat(stored.stream().mapToLong(Long::longValue).sum()).isEqualTo(messages);
    assertThat(shop.scope().messages().list(PAGE).items()).hasSize(messages);
    assertThat(shop.scope().customers().count()).isEqualTo(messages);
  }

  /** The application finds or makes the same customers by their numbers meanwhile. */
  @Test
  void customersAreMadeOnceBesideTheApplication() throws Exception {
    Business shop = newBusiness();
    int customers = 15;

    Concurrently.run(
        4,
        thread -> {
          for (int i = 0; i < customers; i++) {
            String phone = "1555" + i;
            if (thread % 2 == 0) {
              shop.scope().customers().findOrCreateByPhone(phone, "C" + i);
            } else {
              receive(
                  WebhookBodies.body(
                      shop.phoneNumberId(),
                      Text.from("wamid." + thread + "." + i, phone, "C" + i, i)));
            }
          }
          return null;
        });

    assertThat(shop.scope().customers().count()).isEqualTo(customers);
    assertThat(shop.scope().messages().list(PAGE).items()).hasSize(2 * customers);
  }

  /** Each agent's part is there or isn't; what is sent again completes it. */
  @Test
  void whatIsKilledLeavesNothingOrAllOfABody() throws Exception {
    Business shop = newBusiness();
    List<String> bodies = new ArrayList<>();
    for (int b = 0; b < 20; b++) {
      List<Item> items = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        int customer = (b + i) % 7;
        items.add(Text.from("wamid." + b + "." + i, "1555" + customer, "US." + customer, "C", i));
      }
      bodies.add(WebhookBodies.body(List.of(WebhookBodies.changes(shop.phoneNumberId(), items))));
    }
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger failures = new AtomicInteger();
    String mortal = database.createLogin("mortal", "authenticated", "service_role");
    try (HikariDataSource killed = pool(mortal, 2)) {
      Webhooks webhooks = receiver(killed).webhooks();
      Concurrently.run(
          3,
          thread -> {
            if (thread == 2) {
              Random pause = new Random(1);
              while (!done.get()) {
                superuser(
                    "select pg_terminate_backend(pid)::text from pg_stat_activity where usename = '"
                        + mortal
                        + "' order by random() limit 1");
                Thread.sleep(pause.nextInt(40));
              }
              return null;
            }
            List<String> shuffled = new ArrayList<>(bodies);
            Collections.shuffle(shuffled, new Random(thread));
            for (String body : shuffled) {
              for (boolean answered = false; !answered; ) {
                try {
                  answered = webhooks.receive(body.getBytes(UTF_8), null).httpStatus() == 200;
                } catch (DatabaseException e) {
                  failures.incrementAndGet();
                  assertWhole(shop);
                }
              }
            }
            done.set(thread == 0 || done.get());
            return null;
          });
    }

    assertThat(failures.get()).isPositive();
    assertWhole(shop);
    assertThat(shop.scope().messages().list(PAGE).items()).hasSize(100);
    assertThat(shop.scope().customers().count()).isEqualTo(7);
    assertThat(
            superuser(
                "select count(payload) from crm." + shop.agent().prefix() + "_whatsapp_deliveries"))
        .containsExactly("100");
  }

  /** Its server's session waits between two portions then, and stores one more when it may. */
  @Test
  void whatAKilledProcessHasLeftIsCompletedByTheRepetition() throws Exception {
    Business shop = newBusiness();
    int messages = 2000;
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < messages; i++) {
      items.add(Text.from("wamid." + i, "1555" + i, "US." + i, "C", i));
    }
    byte[] body = WebhookBodies.body(shop.phoneNumberId(), items).getBytes(UTF_8);
    String count = "select count(*) from crm." + shop.agent().prefix() + "_messages";
    Process process = ReceivingProcess.start(database.jdbcUrl(login), body);
    int left;
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      while (superuser(count).equals(List.of("0"))) {
        assertThat(process.isAlive()).isTrue();
        Thread.sleep(1);
      }
      connection.setAutoCommit(false);
      statement.execute(
          "select crm_private.store_webhook('%s', '{\"messages\": [], \"statuses\": []}')"
              .formatted(shop.agent().prefix()));
      database.awaitLockWait();
      process.destroyForcibly();
      process.onExit().get(2, TimeUnit.MINUTES);
      left = Integer.parseInt(superuser(count).get(0));
      connection.rollback();
    }

    WebhookReport completed = receiver.webhooks().receive(body, null);

    assertThat(left % 100).isZero();
    assertThat(left).isLessThan(messages);
    assertThat(completed.httpStatus()).isEqualTo(200);
    assertThat(completed.count(Outcome.STORED))
        .isBetween(messages - left - 100L, messages - left + 0L);
    assertThat(superuser(count)).containsExactly(Integer.toString(messages));
    assertThat(shop.scope().customers().count()).isEqualTo(messages);
  }

  /** No body of five is there in part. */
  private static void assertWhole(Business shop) throws Exception {
    assertThat(
            superuser(
                "select split_part(d.provider_id, '.', 2) from crm."
                    + shop.agent().prefix()
                    + "_whatsapp_deliveries d group by 1 having count(*) <> 5"))
        .isEmpty();
  }

  /** An agent that is deleted takes along what was stored, and all that comes later is kept. */
  @Test
  void whatComesWhileTheAgentIsDeletedIsStoredOrKept() throws Exception {
    forgetUnrouted();
    Business shop = newBusiness();
    AtomicInteger stored = new AtomicInteger();
    AtomicBoolean isDeleted = new AtomicBoolean();
    Set<String> kept = ConcurrentHashMap.newKeySet();
    Concurrently.run(
        3,
        thread -> {
          if (thread == 2) {
            while (stored.get() < 10) {
              Thread.sleep(1);
            }
            crm.asService().agents().delete(shop.agent().id());
            isDeleted.set(true);
            return null;
          }
          Webhooks webhooks = receiver(pool).webhooks();
          for (int i = 0, late = 0; late < 3; i++) {
            late += isDeleted.get() ? 1 : 0;
            String id = "wamid." + thread + "." + i;
            String body =
                WebhookBodies.body(
                    shop.phoneNumberId(), Text.from(id, "1555" + i, "US." + i, "C", i));
            WebhookReport report = untilAnswered(webhooks, body.getBytes(UTF_8));
            stored.addAndGet((int) report.count(Outcome.STORED));
            if (report.count(Outcome.STORED) == 0) {
              assertThat(report.count(Outcome.KEPT_UNROUTED)).isOne();
              kept.add(id);
            }
          }
          return null;
        });

    assertThat(kept).hasSizeGreaterThanOrEqualTo(6);
    List<UnroutedWebhook> unrouted = receiver.webhooks().unrouted(PAGE).items();
    assertThat(unrouted)
        .extracting(UnroutedWebhook::reason)
        .isSubsetOf(Reason.NO_AGENT, Reason.INACTIVE_CONFIGURATION);
    assertThat(unrouted)
        .extracting(each -> receiver.webhooks().unroutedBody(each.id()).orElseThrow())
        .extracting(body -> body.replaceAll(".*\"id\":\"(wamid[^\"]*)\".*", "$1"))
        .containsExactlyInAnyOrderElementsOf(kept);
  }

  /** As WhatsApp does. */
  static WebhookReport untilAnswered(Webhooks webhooks, byte[] body) throws InterruptedException {
    while (true) {
      try {
        WebhookReport report = webhooks.receive(body, null);
        if (report.httpStatus() == 200) {
          return report;
        }
      } catch (CrmException e) {
        // Answered with 500.
      }
      Thread.sleep(5);
    }
  }

  @Test
  void stricterIsolationIsRefusedAndNothingIsStored() {
    Business shop = newBusiness();
    Crm strict =
        receiver(
            new CustomDataSource(
                () -> {
                  Connection connection = database.dataSource(login).getConnection();
                  connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                  return connection;
                }));
    String body = WebhookBodies.body(shop.phoneNumberId(), Text.from("wamid.1", "1", "Ada", 1));

    assertThatThrownBy(() -> strict.webhooks().receive(body.getBytes(UTF_8), null))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(RefusedException.Reason.NOT_READ_COMMITTED));
    assertThat(shop.scope().messages().list(PAGE).items()).isEmpty();
  }
}
