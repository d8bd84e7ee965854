package dev.dovetable.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.orders.OrderItem;
import dev.dovetable.core.orders.OrderWithItems;
import dev.dovetable.testkit.internal.FictionalNumbers;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@CrmTest(database = CrmTest.Lifetime.METHOD)
class AgentFixtureTest {

  @Test
  void isTheSameInEveryDatabase(CrmDatabase database) {
    String here = contents(fill(database));
    try (CrmDatabase other = CrmDatabase.create()) {
      other.agent("agt_0").withCustomers(3).withOrders(2);
      assertThat(contents(fill(other))).isEqualTo(here);
    }
  }

  @Test
  void anotherPrefixHasOtherData(CrmDatabase database) {
    TenantScope a = database.agent("agt_a").withCustomers(20).scope();
    TenantScope b = database.agent("agt_b").withCustomers(20).scope();
    assertThat(names(a)).isNotEqualTo(names(b));
  }

  @Test
  void isThereInTheNumberAskedFor(CrmDatabase database) {
    TenantScope shop =
        database
            .agent("agt_a")
            .withCustomers(30)
            .withMessages(500)
            .withOrders(40)
            .withCustomers(5)
            .withMessages(1)
            .withOrders(0)
            .scope();
    assertThat(shop.customers().count()).isEqualTo(35);
    assertThat(shop.dsl().fetchCount(shop.tables().messages())).isEqualTo(501);
    assertThat(shop.dsl().fetchCount(shop.tables().orders())).isEqualTo(40);
    assertThat(shop.dsl().fetchCount(shop.tables().ordersItems())).isBetween(40, 160);
  }

  @Test
  void totalsAreTheSumsOfTheItems(CrmDatabase database) {
    TenantScope shop = database.agent("agt_a").withCustomers(3).withOrders(40).scope();
    try (Stream<OrderWithItems> orders = shop.orders().stream()) {
      assertThat(orders.toList())
          .hasSize(40)
          .allSatisfy(
              order ->
                  assertThat(order.order().total())
                      .isPositive()
                      .isEqualByComparingTo(
                          order.items().stream()
                              .map(OrderItem::total)
                              .reduce(BigDecimal.ZERO, BigDecimal::add)));
    }
  }

  @Test
  void timesLieBeforeTheClockAndRiseWithTheIds(CrmDatabase database) {
    TenantScope shop = fill(database);
    Instant now = database.clock().instant();
    Instant earliest = now.minus(Duration.ofDays(90));
    List<Message> messages = messages(shop);
    assertThat(messages)
        .isSortedAccordingTo(Comparator.comparing(Message::timestamp))
        .allSatisfy(message -> assertThat(message.timestamp()).isBetween(earliest, now));
    assertThat(customers(shop))
        .isSortedAccordingTo(Comparator.comparing(Customer::createdAt))
        .allSatisfy(customer -> assertThat(customer.createdAt()).isBetween(earliest, now));
  }

  @Test
  void timeCanBeChosen() {
    Instant now = Instant.parse("2030-05-06T07:08:09.5Z");
    try (CrmDatabase database = CrmDatabase.builder().now(now).open()) {
      assertThat(database.clock().instant()).isEqualTo("2030-05-06T07:08:09Z");
      List<Message> messages = messages(fill(database));
      assertThat(messages.get(messages.size() - 1).timestamp())
          .isBetween(now.minus(Duration.ofDays(1)), now);
    }
  }

  @Test
  void namesAndTextsComeInSeveralScripts(CrmDatabase database) {
    TenantScope shop = database.agent("agt_a").withCustomers(100).withMessages(400).scope();
    String texts =
        messages(shop).stream().map(Message::text).collect(Collectors.joining(" "))
            + String.join(" ", names(shop));
    for (Character.UnicodeScript script :
        List.of(
            Character.UnicodeScript.LATIN,
            Character.UnicodeScript.ARABIC,
            Character.UnicodeScript.DEVANAGARI,
            Character.UnicodeScript.HAN,
            Character.UnicodeScript.HIRAGANA,
            Character.UnicodeScript.HANGUL)) {
      assertThat(texts.codePoints().mapToObj(Character.UnicodeScript::of)).contains(script);
    }
    assertThat(texts.codePoints().filter(Character::isSupplementaryCodePoint)).isNotEmpty();
  }

  @Test
  void everyNumberIsOneThatReachesNobody() {
    List<String> numbers =
        Stream.iterate(0, n -> n + 1)
            .limit(FictionalNumbers.COUNT)
            .map(FictionalNumbers::nth)
            .toList();
    assertThat(numbers)
        .doesNotHaveDuplicates()
        .allMatch(
            number ->
                number.matches(
                    "1[2-9]\\d\\d55501\\d\\d"
                        + "|447700900\\d{3}|44(11[3-8]|1[2-6]1)4960\\d{3}"
                        + "|3363998\\d{4}"
                        + "|61[2378](5550|7010)\\d{4}"));
    assertThat(FictionalNumbers.nth(FictionalNumbers.COUNT)).isEqualTo(numbers.get(0));
  }

  @Test
  void refusesWhatCannotBe(CrmDatabase database) {
    AgentFixture agent = database.agent("agt_a");
    assertThatThrownBy(() -> agent.withMessages(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("agt_a")
        .hasMessageContaining("withCustomers()");
    assertThatThrownBy(() -> agent.withCustomers(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }

  @Test
  void agentThatIsThereIsTakenAsItIs(CrmDatabase database) {
    AgentFixture first = database.agent("agt_a").withCustomers(2);
    AgentFixture second = database.agent("agt_a").withCustomers(2);
    assertThat(second.agent()).isEqualTo(first.agent());
    assertThat(second.userId()).isEqualTo(first.userId());
    assertThat(customers(second.scope()).stream().map(Customer::phone)).doesNotHaveDuplicates();
    assertThat(second.scope().customers().count()).isEqualTo(4);
  }

  private static TenantScope fill(CrmDatabase database) {
    return database.agent("agt_a").withCustomers(20).withMessages(200).withOrders(15).scope();
  }

  private static List<String> names(TenantScope scope) {
    return customers(scope).stream().map(Customer::name).toList();
  }

  private static List<Customer> customers(TenantScope scope) {
    try (Stream<Customer> customers = scope.customers().stream()) {
      return customers.toList();
    }
  }

  private static List<Message> messages(TenantScope scope) {
    try (Stream<Message> messages = scope.messages().stream()) {
      return messages.toList();
    }
  }

  /** Every column but updated_at. */
  private static String contents(TenantScope scope) {
    var orders = scope.tables().orders();
    return customers(scope).toString()
        + messages(scope)
        + scope
            .dsl()
            .select(orders.fieldStream().filter(f -> !f.equals(orders.UPDATED_AT)).toList())
            .from(orders)
            .orderBy(orders.ID)
            .fetch()
            .formatCSV()
        + scope
            .dsl()
            .selectFrom(scope.tables().ordersItems())
            .orderBy(scope.tables().ordersItems().ID)
            .fetch()
            .formatCSV();
  }
}
