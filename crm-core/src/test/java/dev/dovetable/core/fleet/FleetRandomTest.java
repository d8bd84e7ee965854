package dev.dovetable.core.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.Concurrently;
import dev.dovetable.core.webhooks.WebhookBodies;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import dev.dovetable.core.webhooks.WebhookReport;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Eight threads make, write to, receive for and delete agents of two databases; what was
 * acknowledged is there, once, as long as its agent is.
 */
class FleetRandomTest extends FleetBase {
  private static final int STEPS = Integer.getInteger("crm.test.fleet.steps", 60);
  private static final long SEED =
      Long.getLong("crm.test.seed", ThreadLocalRandom.current().nextLong());

  /** An agent while it lives. */
  private static final class Shop {
    final String prefix;
    final Member member;
    final String number;
    final Queue<String> customers = new ConcurrentLinkedQueue<>();
    final Queue<String> messages = new ConcurrentLinkedQueue<>();

    Shop(String prefix, Member member, String number) {
      this.prefix = prefix;
      this.member = member;
      this.number = number;
    }
  }

  private static final Map<String, Shop> SHOPS = new ConcurrentHashMap<>();
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final AtomicLong DELETED = new AtomicLong();

  @Test
  void whatWasAcknowledgedIsThereOnce() throws Exception {
    // Two prefixes fewer than threads, so that they meet.
    List<String> prefixes = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      prefixes.add(newPrefix());
    }
    Concurrently.run(
        8,
        thread -> {
          Random random = new Random(SEED + thread);
          for (int step = 0; step < STEPS; step++) {
            act(random, prefixes.get(random.nextInt(prefixes.size())));
          }
          return true;
        });

    assertThat(SHOPS).as("seed %d", SEED).isNotEmpty();
    for (Shop shop : SHOPS.values()) {
      String tables = "crm." + shop.prefix;
      for (String name : shop.customers) {
        assertThat(
                shop.member.count(
                    "select count(*) from " + tables + "_customers where name = '" + name + "'"))
            .as("seed %d", SEED)
            .isEqualTo(1);
      }
      for (String id : shop.messages) {
        assertThat(
                shop.member.count(
                    "select count(*) from "
                        + tables
                        + "_messages where message = 'text of "
                        + id
                        + "'"))
            .as("seed %d", SEED)
            .isEqualTo(1);
      }
      Member other = shop.member == one ? two : one;
      assertThat(other.crm.asService().agents().findByPrefix(shop.prefix)).isEmpty();
      assertThat(fleet.directory().find(shop.prefix).map(AgentPlace::database))
          .contains(shop.member.name);
    }
    assertThat(DELETED.get()).as("seed %d", SEED).isPositive();
  }

  private static void act(Random random, String prefix) {
    Shop shop = SHOPS.get(prefix);
    int dice = random.nextInt(20);
    if (shop == null) {
      make(random.nextBoolean() ? one : two, prefix);
    } else if (dice == 0) {
      delete(shop);
    } else if (dice < 10) {
      write(shop);
    } else {
      receive(shop);
    }
  }

  private static void make(Member member, String prefix) {
    try {
      Agent agent = newAgent(member, prefix);
      String number = member.newNumber(agent);
      SHOPS.put(prefix, new Shop(prefix, member, number));
    } catch (RefusedException e) {
      assertThat(e.reason()).isEqualTo(RefusedException.Reason.PREFIX_TAKEN);
    }
  }

  private static void delete(Shop shop) {
    if (SHOPS.remove(shop.prefix, shop)) {
      assertThat(fleet.asService().agents().delete(shop.prefix)).isTrue();
      DELETED.incrementAndGet();
    }
  }

  private static void write(Shop shop) {
    String name = "Name " + NAMES.incrementAndGet();
    try {
      TenantScope scope = fleet.asAgent(shop.prefix);
      scope.customers().create(new NewCustomer(name, "49" + NAMES.get()));
      // Somebody may have made it anew; then it's in that one.
      Optional.ofNullable(SHOPS.get(shop.prefix))
          .filter(present -> present == shop)
          .ifPresent(present -> present.customers.add(name));
    } catch (UnknownAgentException e) {
      assertThat(SHOPS.get(shop.prefix)).isNotSameAs(shop);
    }
  }

  private static void receive(Shop shop) {
    String id = "wamid.R" + NAMES.incrementAndGet();
    String body = WebhookBodies.body(shop.number, Text.from(id, "49" + NAMES.get(), "Ada", 1));
    WebhookReport report = fleet.webhooks().receive(body.getBytes(UTF_8), null);
    Outcome outcome = report.results().get(0).outcome();
    if (outcome == Outcome.STORED) {
      shop.messages.add(id);
    } else {
      assertThat(outcome).isEqualTo(Outcome.KEPT_UNROUTED);
      assertThat(SHOPS.get(shop.prefix)).isNotSameAs(shop);
    }
  }
}
