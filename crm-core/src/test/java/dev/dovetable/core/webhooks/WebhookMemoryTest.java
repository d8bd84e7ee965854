package dev.dovetable.core.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.Crm;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.core.whatsapp.WhatsAppConfigChanges;
import dev.dovetable.testkit.server.Background;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That a receiver remembers whose a number is makes no difference but in round trips. */
class WebhookMemoryTest extends WebhookTest {
  private static final PageRequest PAGE = PageRequest.first(100);
  private static final int STEPS = 150;

  private Business shop;
  private Business bikes;
  private int sent;

  @BeforeEach
  void makeBusinesses() {
    forgetUnrouted();
    shop = newBusiness();
    bikes = newBusiness();
  }

  /** Each callback goes where it would go without any memory. */
  @Test
  void callbackGoesWhereItsNumberIsAtThatMoment() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Business> businesses = new ArrayList<>(List.of(shop, bikes, newBusiness()));
    String number = shop.phoneNumberId();
    for (int step = 0; step < STEPS; step++) {
      int any = random.nextInt(businesses.size());
      if (random.nextInt(3) > 0) {
        change(random, businesses, any, number);
      }

      String remembering = receive(receiver, number);
      String without = receive(receiver(pool), number);

      assertThat(remembering).as("seed %s, step %s", seed, step).isEqualTo(without);
    }
  }

  private static void change(Random random, List<Business> all, int index, String number) {
    Business any = all.get(index);
    UUID user =
        crm.asService().agents().find(any.agent().id()).orElseThrow().userId().orElseThrow();
    switch (random.nextInt(5)) {
      case 0 -> {
        giveUp(number);
        update(user, WhatsAppConfigChanges.none().phoneNumberId(number));
      }
      case 1 -> {
        String other = any.phoneNumberId() + "9";
        giveUp(other);
        update(user, WhatsAppConfigChanges.none().phoneNumberId(other));
      }
      case 2 -> update(user, WhatsAppConfigChanges.none().active(random.nextBoolean()));
      case 3 -> crm.asService().agents().assign(any.agent().id(), newUser(UserRole.AGENT).id());
      default -> {
        crm.asService().agents().delete(any.agent().id());
        Agent successor = crm.asService().agents().create(user, any.agent().prefix(), admin.id());
        all.set(index, new Business(successor, any.phoneNumberId()));
      }
    }
  }

  /** Of a user who has a configuration, which one that was just assigned has not. */
  private static void update(UUID user, WhatsAppConfigChanges changes) {
    if (crm.asService().whatsapp().find(user).isPresent()) {
      crm.asService().whatsapp().update(user, changes);
    } else {
      crm.asService().whatsapp().save(NewWhatsAppConfig.of(user, "15550199", "https://x.example"));
    }
  }

  /** What became of the callback, and why. */
  private String receive(Crm by, String number) {
    int before = receiver.webhooks().unrouted(PAGE).items().size();
    WebhookReport report = by.webhooks().receive(body(number), null);
    List<UnroutedWebhook> kept = receiver.webhooks().unrouted(PAGE).items();
    String reasons = kept.stream().skip(before).map(UnroutedWebhook::reason).toList().toString();
    if (kept.size() > PAGE.limit() / 2) {
      forgetUnrouted();
    }
    WebhookReport.Result result = report.results().get(0);
    return result.outcome() + " " + result.prefix() + " " + reasons;
  }

  private byte[] body(String number) {
    sent++;
    return WebhookBodies.body(number, Text.from("wamid." + sent, "15550100", "Ada", sent))
        .getBytes(UTF_8);
  }

  @Test
  void transactionOfTheHostsGoesOnWhenANumberHasMoved() {
    receive(receiver, shop.phoneNumberId());
    giveUp(shop.phoneNumberId());
    update(
        bikes.agent().userId().orElseThrow(),
        WhatsAppConfigChanges.none().phoneNumberId(shop.phoneNumberId()));

    List<Message> there =
        receiver.transaction(
            tx -> {
              tx.webhooks().receive(body(shop.phoneNumberId()), null);
              return tx.asAgent(bikes.agent().prefix()).messages().list(PAGE).items();
            });

    assertThat(there).hasSize(1);
    assertThat(shop.scope().messages().list(PAGE).items()).hasSize(1);
  }

  /**
   * Older installations may have some. They become literals, which a server may read differently.
   */
  @Test
  void numberWithOtherCharactersIsLookedUpEachTime() throws SQLException {
    String number = "it's \\ 7";
    try (Connection connection = database.dataSource().getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into crm_private.agent_numbers (phone_number_id, agent_id) values (?, ?)")) {
      insert.setString(1, number);
      insert.setLong(2, shop.agent().id());
      insert.executeUpdate();
    }

    for (int i = 0; i < 3; i++) {
      assertThat(receive(receiver, number)).startsWith(Outcome.STORED.toString());
    }

    assertThat(shop.scope().messages().list(PAGE).items()).hasSize(3);
    RouteMemory memory = new RouteMemory();
    memory.remember(number, shop.agent().prefix());
    assertThat(memory.prefixOf(number)).isEmpty();
  }

  /**
   * Else whoever deletes the agent, and next wants agents alone, and the callback would deadlock.
   */
  @Test
  void callbackThatWaitsForAnAgentHoldsNoLockOnAgents() throws Exception {
    receive(receiver, shop.phoneNumberId());
    CompletableFuture<String> waiting;
    try (Connection deletion = database.dataSource().getConnection();
        Statement statement = deletion.createStatement()) {
      deletion.setAutoCommit(false);
      statement.execute(
          "select pg_advisory_xact_lock(hashtextextended('%s', 'crm.agents'::regclass::oid::bigint))"
              .formatted(shop.agent().prefix()));
      waiting = Background.call(() -> receive(receiver, shop.phoneNumberId()));
      database.awaitLockWait();

      statement.execute("lock table crm.agents in access exclusive mode nowait");
      deletion.rollback();
    }

    assertThat(waiting.get(2, TimeUnit.MINUTES)).startsWith(Outcome.STORED.toString());
  }
}
