package dev.dovetable.core.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.NewMessage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConversationRepositoryTest extends DatabaseTest {
  private static final Comparator<Message> OLDEST_FIRST =
      Comparator.comparing(Message::timestamp).thenComparing(Message::id);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void pagesHoldEachConversationOnceByItsLatestMessage(long seed) {
    Random random = new Random(seed);
    TenantScope tenant = newTenant();
    Map<Integer, Customer> customers = new HashMap<>();
    for (int i = 0; i < 20; i++) {
      Customer customer = tenant.customers().create(new NewCustomer("C" + i, "" + i));
      customers.put(customer.id(), customer);
    }
    List<Integer> ids = List.copyOf(customers.keySet());
    Instant base = Instant.parse("2026-01-01T00:00:00Z");
    Map<Integer, Message> latest = new HashMap<>();
    for (int i = 0; i < 100; i++) {
      int customer = ids.get(random.nextInt(15)); // five have no messages
      Instant time = base.plus(random.nextInt(30), ChronoUnit.MICROS);
      Message message =
          random.nextBoolean()
              ? tenant.messages().recordInbound(customer, "m" + i, time)
              : tenant.messages().recordOutbound(customer, "m" + i, time);
      latest.merge(customer, message, (a, b) -> OLDEST_FIRST.compare(a, b) > 0 ? a : b);
    }
    List<Conversation> expected =
        latest.values().stream()
            .sorted(OLDEST_FIRST.reversed())
            .map(message -> new Conversation(customers.get(message.customerId()), message))
            .toList();

    List<Conversation> read = new ArrayList<>();
    Optional<Cursor> cursor = Optional.empty();
    do {
      Page<Conversation> page =
          tenant.conversations().latest(new PageRequest(1 + random.nextInt(4), cursor));
      read.addAll(page.items());
      cursor = page.next();
    } while (cursor.isPresent());

    assertThat(read).isEqualTo(expected);
  }

  /** So many that neither of the two walks along the newest messages meets enough customers. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void pagesHoldEachConversationOnceThoughCustomersHaveManyMessagesInARow(long seed) {
    Random random = new Random(seed);
    TenantScope tenant = newTenant();
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      ids.add(tenant.customers().create(new NewCustomer("C" + i, "" + i)).id());
    }
    Instant base = Instant.parse("2026-01-01T00:00:00Z");
    List<NewMessage> messages = new ArrayList<>();
    while (messages.size() < 700) {
      int customer = ids.get(random.nextInt(5));
      for (int i = random.nextInt(250); i >= 0; i--) {
        Instant time = base.plusSeconds(messages.size() / 3);
        messages.add(NewMessage.inbound(customer, "m" + i).at(time));
      }
    }
    Map<Integer, Message> latest = new HashMap<>();
    for (Message message : tenant.messages().recordAll(messages)) {
      latest.merge(message.customerId(), message, (a, b) -> OLDEST_FIRST.compare(a, b) > 0 ? a : b);
    }

    List<Message> read = new ArrayList<>();
    Optional<Cursor> cursor = Optional.empty();
    do {
      Page<Conversation> page =
          tenant.conversations().latest(new PageRequest(1 + random.nextInt(2), cursor));
      page.items().forEach(conversation -> read.add(conversation.lastMessage()));
      cursor = page.next();
    } while (cursor.isPresent());

    assertThat(read).isEqualTo(latest.values().stream().sorted(OLDEST_FIRST.reversed()).toList());
  }

  @Test
  void withoutMessagesThereAreNone() {
    TenantScope tenant = newTenant();
    tenant.customers().create(new NewCustomer("Ada", "1"));
    assertThat(tenant.conversations().latest(PageRequest.first(5)))
        .isEqualTo(new Page<>(List.of(), Optional.empty()));
  }
}
