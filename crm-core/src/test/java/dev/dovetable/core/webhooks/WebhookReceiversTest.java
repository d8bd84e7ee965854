package dev.dovetable.core.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.Crm;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.fixture.Concurrently;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.webhooks.WebhookBodies.Item;
import dev.dovetable.core.webhooks.WebhookBodies.OwnNumber;
import dev.dovetable.core.webhooks.WebhookBodies.StatusFor;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrations;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two receivers on connections of their own, while agents' tables are brought to a new version.
 * WhatsApp sends again what isn't answered with 200, and so does this.
 */
class WebhookReceiversTest extends DatabaseTest {
  private static final int AGENTS = 3;
  private static final int MESSAGES = 120;

  @TempDir Path directory;

  private final List<Agent> agents = new ArrayList<>();
  private final List<String> numbers = new ArrayList<>();

  /**
   * From the first version on, which this release doesn't store in: that is refused until the
   * agent's tables are new enough. Then to one that is newer than this release.
   */
  @Test
  @Timeout(300)
  void everyMessageIsStoredOnceWhileTablesAreMadeNewer() throws Exception {
    run(
        AgentExtension.fromClassPath(
            WebhookTables.EXTENSION, "dev/dovetable/core/webhooks", WebhookTables.FILES.get(0)));
    for (int i = 0; i < AGENTS; i++) {
      addBusiness();
    }
    List<byte[]> bodies = bodies(0);
    assertThatThrownBy(() -> receiver().webhooks().receive(bodies.get(0), null))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(RefusedException.Reason.WEBHOOKS_NOT_REGISTERED));

    deliverWhile(bodies, () -> run(Webhooks.extension()));
    assertAllIsThere(MESSAGES);

    for (String file : WebhookTables.FILES) {
      try (InputStream in = Objects.requireNonNull(Webhooks.class.getResourceAsStream(file))) {
        Files.copy(in, directory.resolve(file));
      }
    }
    Files.writeString(
        directory.resolve("%03d_add_column.sql".formatted(WebhookTables.VERSION + 1)),
        """
        alter table {whatsapp_deliveries} add column seen_again text;
        alter table {whatsapp_sightings} add column is_kept boolean not null default true;
        update {whatsapp_deliveries} set seen_again = provider_id;
        """);
    AgentExtension newer = AgentExtension.fromDirectory(WebhookTables.EXTENSION, directory);
    deliverWhile(bodies(MESSAGES), () -> run(newer));
    assertAllIsThere(2 * MESSAGES);
    for (Agent agent : agents) {
      assertThat(
              WebhookTest.superuser(
                  "select count(*) from crm.%s_whatsapp_sightings where is_kept"
                      .formatted(agent.prefix())))
          .doesNotContain("0");
    }
  }

  private void addBusiness() {
    Agent agent = newAgent();
    String number = "10459011" + agents.size();
    crm.asService()
        .whatsapp()
        .save(
            NewWhatsAppConfig.of(agent.userId().orElseThrow(), "15550199", "https://x.example")
                .phoneNumberId(number));
    agents.add(agent);
    numbers.add(number);
  }

  /** For all agents each: the same people over and over, some of whom turn out to be one. */
  private List<byte[]> bodies(int first) {
    List<byte[]> bodies = new ArrayList<>();
    for (int i = first; i < first + MESSAGES; i += 5) {
      List<Item> items = new ArrayList<>();
      for (int j = i; j < i + 5; j++) {
        int person = j % 17;
        String id = "wamid." + j;
        items.add(
            switch (j % 4) {
              case 0 -> Text.from(id, "1555" + person, "C", j);
              case 1 -> Text.fromUserId(id, "US." + person, "C", j);
              case 2 -> new OwnNumber(id, "US." + person, "1555" + person, j);
              default -> Text.from(id, "1555" + person, "US." + person, "C", j);
            });
      }
      items.add(new StatusFor("wamid.out." + i, "read", "15550", "US.0", i));
      bodies.add(
          WebhookBodies.body(
                  numbers.stream().map(number -> WebhookBodies.changes(number, items)).toList())
              .getBytes(UTF_8));
    }
    return bodies;
  }

  private interface Change {
    void run() throws Exception;
  }

  private static void deliverWhile(List<byte[]> bodies, Change change) throws Exception {
    Concurrently.run(
        3,
        thread -> {
          if (thread == 2) {
            change.run();
            return null;
          }
          Webhooks receiver = receiver().webhooks();
          List<byte[]> shuffled = new ArrayList<>(bodies);
          Collections.shuffle(shuffled, new Random(thread));
          for (byte[] body : shuffled) {
            WebhookConcurrencyTest.untilAnswered(receiver, body);
          }
          return null;
        });
  }

  private void assertAllIsThere(int messages) throws Exception {
    for (Agent agent : agents) {
      assertThat(
              WebhookTest.superuser(
                  """
                  select count(*) || ' ' || count(distinct d.provider_id) || ' ' || count(distinct m.customer_id)
                  from crm.{p}_messages m
                  join crm.{p}_whatsapp_deliveries d on d.message_id = m.id
                  union all
                  select count(*)::text from crm.{p}_whatsapp_statuses
                  """
                      .replace("{p}", agent.prefix())))
          .containsExactly(messages + " " + messages + " 17", Integer.toString(messages / 5));
    }
    assertThat(receiver().webhooks().unrouted(PageRequest.first(10)).items()).isEmpty();
  }

  private static Crm receiver() {
    return Crm.builder(pool).schema(Installed.SCHEMA).withoutWebhookSignatures().build();
  }

  private static void run(AgentExtension extension) {
    assertThat(
            AgentMigrations.builder(extension)
                .schema(Installed.SCHEMA)
                .build()
                .run(database.dataSource())
                .failures())
        .isEmpty();
  }
}
