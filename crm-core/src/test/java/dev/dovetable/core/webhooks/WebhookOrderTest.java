package dev.dovetable.core.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.CrmObserver;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.Concurrently;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.internal.connection.ConnectionSource;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.connection.Sessions;
import dev.dovetable.core.internal.connection.Timeouts;
import dev.dovetable.core.internal.payload.UnreadableBodyException;
import dev.dovetable.core.internal.payload.WebhookChange;
import dev.dovetable.core.internal.payload.WebhookReader;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.BaseTables;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.webhooks.WebhookBodies.Item;
import dev.dovetable.core.webhooks.WebhookBodies.NewNumber;
import dev.dovetable.core.webhooks.WebhookBodies.Status;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever the order, however often, in whatever bodies and by however many receivers: the agent's
 * tables hold the same in the end.
 */
@Tag("slow")
class WebhookOrderTest extends WebhookTest {
  private static final int ROUNDS = 4;
  private static final String[] PHONES = {
    "15550100", "15550101", "5511987654321", "551187654321", "15550104", "15550105"
  };
  private static final String[] USER_IDS = {"US.1", "US.2", "US.3", "US.4"};
  private static final String[] NAMES = {"Ada", "ada", "Ünal", "👩‍👩‍👧", "Zoë"};
  private static final String[] SENT = {"wamid.out", "wamid.1", "wamid.3", "wamid.not-here"};
  private static final String[] STATES = {
    "sent", "delivered", "read", "played", "failed", "deleted"
  };

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 20261125, -7, 4711})
  void endsTheSame(long seed) throws Exception {
    Random random = new Random(seed);
    List<Item> items = items(random);
    List<String> expected = null;
    for (int round = 0; round < ROUNDS; round++) {
      Business business = newBusiness();
      prepareCustomers(business);
      deliver(business, items, round == 0 ? 1 : 2, random);
      List<String> contents = business.contents();
      expected = expected == null ? contents : expected;
      assertThat(contents).as("seed %d, round %d", seed, round).containsExactlyElementsOf(expected);
    }
  }

  /**
   * The statement for what is usual does what the function does, down to the ids; and it makes no
   * difference what statuses come with.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 20261125, -7, 4711})
  void theUsualWayEndsAsTheFunctionAlone(long seed) throws Exception {
    Random random = new Random(seed);
    Business usual = newBusiness();
    Business function = newBusiness();
    prepareCustomers(usual);
    prepareCustomers(function);
    WebhookStore store = new WebhookStore(session(usual), identity(usual));

    List<Item> items = items(random);
    for (int i = 0; i < 30; i++) {
      items.add(
          Text.from("wamid.later." + i, pick(PHONES, random), pick(NAMES, random), 6 + i % 3));
    }
    for (int i = 0; i < 60; i++) {
      List<Item> some = new ArrayList<>();
      for (int j = random.nextInt(5); j >= 0; j--) {
        some.add(pick(items.toArray(Item[]::new), random));
      }
      List<WebhookChange> changes = changes(usual.phoneNumberId(), some);
      assertThat(store.store(changes))
          .as("seed %d, body %d", seed, i)
          .isEqualTo(storeByFunction(function, changes));
    }

    assertThat(usual.contents()).containsExactlyElementsOf(function.contents());
  }

  private static List<WebhookChange> changes(String phoneNumberId, List<Item> items)
      throws UnreadableBodyException {
    String body = WebhookBodies.body(List.of(WebhookBodies.changes(phoneNumberId, items)));
    return new WebhookReader(1 << 20).read(body.getBytes(UTF_8)).changes();
  }

  private static Map<String, WebhookStore.Known> storeByFunction(
      Business business, List<WebhookChange> changes) {
    AgentIdentity identity = identity(business);
    WebhookBatch content = new WebhookBatch(identity, changes);
    Map<String, WebhookStore.Known> known =
        WebhookStore.known(
            session(business)
                .dsl()
                .select(
                    DSL.function(
                        identity.base().internal("store_webhook"),
                        SQLDataType.JSONB,
                        DSL.val(identity.prefix()),
                        DSL.val(content.toJson())))
                .fetchSingle()
                .value1());
    List<WebhookChange> statuses =
        changes.stream()
            .map(WebhookOrderTest::withoutMessages)
            .filter(change -> !change.statuses().isEmpty())
            .toList();
    if (!statuses.isEmpty()) {
      new WebhookStore(session(business), identity).store(statuses);
    }
    return known;
  }

  private static WebhookChange withoutMessages(WebhookChange change) {
    return new WebhookChange(
        change.phoneNumberId(),
        change.businessAccountId(),
        change.field(),
        List.of(),
        change.statuses(),
        change.sightings(),
        change.groups(),
        List.of(),
        List.of(),
        change.complete(),
        change.raw());
  }

  private static AgentIdentity identity(Business business) {
    return new AgentIdentity(BaseTables.of(Installed.SCHEMA), business.agent().prefix());
  }

  private static Session session(Business business) {
    AgentIdentity identity = identity(business);
    Sessions sessions =
        new Sessions(
            new ConnectionSource.Pool(pool),
            Timeouts.of(Optional.empty(), Optional.empty()),
            identity.base(),
            CrmObserver.NONE);
    return sessions.open(sessions.prelude(Optional.empty(), false, identity));
  }

  /** Customers of the application's, and a message that it has sent. */
  private static void prepareCustomers(Business business) {
    TenantScope scope = business.scope();
    scope.customers().create(new NewCustomer("Host's one", "+1 (555) 010-7"));
    Customer two = scope.customers().create(new NewCustomer("Host's two", "US.9"));
    scope.customers().create(new NewCustomer("Host's three", "0052 1 55 1234 5678"));
    scope.orders().place(NewOrder.of(two.id(), List.of()));
    scope.deliveries().record(NewMessage.outbound(two.id(), "out").at(Instant.EPOCH), "wamid.out");
  }

  private static List<Item> items(Random random) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 14; i++) {
      int at = random.nextInt(6);
      Optional<String> phone = Optional.of(pick(PHONES, random));
      Optional<String> userId = Optional.of(pick(USER_IDS, random));
      Optional<String> name =
          random.nextInt(4) == 0 ? Optional.empty() : Optional.of(pick(NAMES, random));
      items.add(
          switch (random.nextInt(8)) {
            case 0 -> new NewNumber("wamid." + i, phone.get(), pick(PHONES, random), at);
            case 1 -> new Text("wamid." + i, phone, userId, name, at);
            case 2, 3 -> new Text("wamid." + i, Optional.empty(), userId, name, at);
            default -> new Text("wamid." + i, phone, Optional.empty(), name, at);
          });
    }
    // Of the host's customers: which of several people one is that a number has gone through is
    // for whoever comes first.
    items.add(Text.from("wamid.one", "15550107", "One", 1));
    items.add(Text.from("wamid.later one", "15550107", "One more", 5));
    items.add(Text.fromUserId("wamid.two", "US.9", "Two", 2));
    items.add(Text.from("wamid.three", "525512345678", "US.8", "Three", 3));
    for (int i = 0; i < 20; i++) {
      items.add(new Status(pick(SENT, random), pick(STATES, random), random.nextInt(6)));
    }
    return items;
  }

  private static void deliver(Business business, List<Item> items, int receivers, Random random)
      throws Exception {
    List<Item> repeated = new ArrayList<>(items);
    for (int i = 0; i < 10; i++) {
      repeated.add(items.get(random.nextInt(items.size())));
    }
    Collections.shuffle(repeated, random);
    List<List<byte[]>> bodies = new ArrayList<>();
    for (int receiver = 0; receiver < receivers; receiver++) {
      bodies.add(new ArrayList<>());
    }
    while (!repeated.isEmpty()) {
      List<Item> some = repeated.subList(0, Math.min(repeated.size(), 1 + random.nextInt(5)));
      String body =
          WebhookBodies.body(List.of(WebhookBodies.changes(business.phoneNumberId(), some)));
      bodies.get(random.nextInt(receivers)).add(body.getBytes(UTF_8));
      some.clear();
    }
    Concurrently.run(
        receivers,
        receiver -> {
          bodies
              .get(receiver)
              .forEach(
                  body -> assertThat(receiver().receive(body, null).httpStatus()).isEqualTo(200));
          return null;
        });
  }

  private static Webhooks receiver() {
    return receiver.webhooks();
  }

  private static <T> T pick(T[] values, Random random) {
    return values[random.nextInt(values.length)];
  }
}
