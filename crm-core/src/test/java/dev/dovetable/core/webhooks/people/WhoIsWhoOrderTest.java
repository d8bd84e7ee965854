package dev.dovetable.core.webhooks.people;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.fixture.Concurrently;
import dev.dovetable.core.webhooks.WebhookBodies;
import dev.dovetable.core.webhooks.WebhookBodies.InGroup;
import dev.dovetable.core.webhooks.WebhookBodies.Item;
import dev.dovetable.core.webhooks.WebhookBodies.NewNumber;
import dev.dovetable.core.webhooks.WebhookBodies.NewUserId;
import dev.dovetable.core.webhooks.WebhookBodies.OwnNumber;
import dev.dovetable.core.webhooks.WebhookBodies.PastFile;
import dev.dovetable.core.webhooks.WebhookBodies.PastPlace;
import dev.dovetable.core.webhooks.WebhookBodies.StatusFor;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import dev.dovetable.core.webhooks.WebhookBodies.Wish;
import dev.dovetable.core.webhooks.WebhookTest;
import dev.dovetable.core.webhooks.Webhooks;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Numbers change hands, user ids are changed, with and without the previous ones, and some of it
 * contradicts; people write in groups, files of past chats come in halves, and some want no
 * advertising: whatever the order, however often, over several receivers, messages and wishes end
 * with the people that the rules give them to.
 */
@Tag("slow")
class WhoIsWhoOrderTest extends WebhookTest {
  private static final int ROUNDS = 3;
  private static final String[] PHONES = {"15550100", "15550101", "5511987654321", "551187654321"};
  private static final String[] USER_IDS = {"US.1", "US.2", "US.3", "US.4"};
  private static final String[] NAMES = {"Ada", "Bo", "Ünal"};

  static LongStream seeds() {
    return "long".equals(System.getProperty("crm.test.form"))
        ? LongStream.rangeClosed(1, 100)
        : LongStream.of(1, 3, 4, 7, 12, 18, 48, 62, 85, 20261130, -7);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void messagesEndWithThePeopleThatTheRulesGiveThemTo(long seed) throws Exception {
    Random random = new Random(seed);
    List<Item> items = items(random);
    Set<Set<String>> expected = PeopleOracle.partition(items);
    List<String> contents = null;
    for (int round = 0; round < ROUNDS; round++) {
      Business business = newBusiness();
      deliver(business, items, round == 0 ? 1 : 2, random);
      assertThat(partition(business))
          .as("seed %d, round %d, %s", seed, round, items)
          .isEqualTo(expected);
      List<String> its = customers(business);
      contents = contents == null ? its : contents;
      assertThat(its).as("seed %d, round %d, %s", seed, round, items).isEqualTo(contents);
    }
  }

  private static Set<Set<String>> partition(Business business) throws SQLException {
    Set<Set<String>> sets = new HashSet<>();
    for (String ids :
        superuser(
            """
            select string_agg(s.name, ' ') from (
              select d.provider_id as name, m.customer_id from crm.{p}_messages m
              join crm.{p}_whatsapp_deliveries d on d.message_id = m.id
              union all
              select c.category, c.customer_id from crm.{p}_whatsapp_consents c
            ) as s
            group by s.customer_id
            """
                .replace("{p}", business.agent().prefix()))) {
      sets.add(Set.copyOf(Arrays.asList(ids.split(" "))));
    }
    return sets;
  }

  /**
   * Of those that have messages and aren't of the past: names, phone numbers, and what else they
   * are known by.
   */
  private static List<String> customers(Business business) throws SQLException {
    return superuser(
        """
        select concat_ws('|', c.name, c.phone, (
          select string_agg(s::text, ' ' order by s.user_id, s.phone) from (
            select s.user_id, s.phone, s.first_seen, s.last_seen, s.ended, s.name
            from crm.{p}_whatsapp_sightings s where s.customer_id = c.id
          ) as s))
        from crm.{p}_customers c
        where exists (select from crm.{p}_whatsapp_sightings s where s.customer_id = c.id)
          and exists (select from crm.{p}_messages m where m.customer_id = c.id)
        order by 1
        """
            .replace("{p}", business.agent().prefix()));
  }

  private static List<Item> items(Random random) {
    List<Item> items = new ArrayList<>();
    for (int i = 10; i < 28; i++) {
      String id = "wamid." + i;
      int at = random.nextInt(12);
      String phone = pick(PHONES, random);
      String userId = pick(USER_IDS, random);
      Optional<String> name =
          random.nextInt(4) == 0 ? Optional.empty() : Optional.of(pick(NAMES, random));
      items.add(
          switch (random.nextInt(18)) {
            case 0 -> new NewNumber(id, phone, pick(PHONES, random), at);
            case 1 -> new NewUserId(id, phone, Optional.empty(), userId, at);
            case 2 -> new NewUserId(id, phone, Optional.of(otherThan(userId, random)), userId, at);
            case 3 -> new OwnNumber(id, userId, phone, at);
            case 4 -> new StatusFor("wamid.out", "read", phone, userId, at);
            case 5, 6 -> new Text(id, Optional.empty(), Optional.of(userId), name, at);
            case 12 -> new InGroup(id, "g@g.us", maybe(phone, random), Optional.of(userId), at);
            case 13 -> new InGroup(id, "g@g.us", Optional.of(phone), maybe(userId, random), at);
            case 14, 15 -> {
              boolean isOwn = random.nextBoolean();
              items.add(new PastFile(id, phone, isOwn, random.nextInt(12)));
              yield new PastPlace(id, phone, maybe(userId, random), isOwn, at);
            }
            case 16 -> new Wish("wish." + i, maybe(phone, random), Optional.of(userId), at);
            case 17 -> new Wish("wish." + i, Optional.of(phone), Optional.empty(), at);
            case 7, 8, 9 -> new Text(id, Optional.of(phone), Optional.empty(), name, at);
            default -> new Text(id, Optional.of(phone), Optional.of(userId), name, at);
          });
    }
    return items;
  }

  private static Optional<String> maybe(String value, Random random) {
    return random.nextBoolean() ? Optional.of(value) : Optional.empty();
  }

  private static String otherThan(String userId, Random random) {
    String other = pick(USER_IDS, random);
    return other.equals(userId) ? otherThan(userId, random) : other;
  }

  private static void deliver(Business business, List<Item> items, int receivers, Random random)
      throws Exception {
    List<Item> repeated = new ArrayList<>(items);
    for (int i = 0; i < 6; i++) {
      repeated.add(pick(items.toArray(Item[]::new), random));
    }
    Collections.shuffle(repeated, random);
    List<List<String>> bodies = new ArrayList<>();
    for (int receiver = 0; receiver < receivers; receiver++) {
      bodies.add(new ArrayList<>());
    }
    while (!repeated.isEmpty()) {
      List<Item> some = repeated.subList(0, Math.min(repeated.size(), 1 + random.nextInt(4)));
      bodies
          .get(random.nextInt(receivers))
          .add(WebhookBodies.body(List.of(WebhookBodies.changes(business.phoneNumberId(), some))));
      some.clear();
    }
    Concurrently.run(
        receivers,
        receiver -> {
          for (String body : bodies.get(receiver)) {
            assertThat(webhooks().receive(body.getBytes(UTF_8), null).httpStatus()).isEqualTo(200);
          }
          return null;
        });
  }

  private static Webhooks webhooks() {
    return receiver.webhooks();
  }

  private static <T> T pick(T[] values, Random random) {
    return values[random.nextInt(values.length)];
  }
}
