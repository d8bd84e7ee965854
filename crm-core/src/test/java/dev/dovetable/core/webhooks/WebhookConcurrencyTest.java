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
import dev.dovetable.core.webhooks.WebhookBodies.Item;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.testkit.server.wire.CustomDataSource;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
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

  /** No body of five is there in part. */
  private static void assertWhole(Business shop) throws Exception {
    assertThat(
            superuser(
                "select split_part(d.provider_id, '.', 2) from crm."
                    + shop.agent().prefix()
                    + "_whatsapp_deliveries d group by 1 having count(*) <> 5"))
        .isEmpty();
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
