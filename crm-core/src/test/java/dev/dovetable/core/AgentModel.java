package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * What an agent's tables hold by the rules of the library, kept in maps. Each step does the same to
 * a scope and to the maps, and compares the answers. Belongs to one thread.
 */
final class AgentModel {
  private static final Comparator<Message> NEWEST_FIRST =
      Comparator.comparing(Message::timestamp).thenComparing(Message::id).reversed();

  private final NavigableMap<Integer, Customer> customers;
  private final NavigableMap<Integer, Message> messages;

  /** Without their times, which depend on the server's clock, and without totals. */
  private final NavigableMap<Integer, Order> orders;

  private final NavigableMap<Integer, OrderItem> items;
  private final RandomInput random;

  AgentModel(Random random) {
    this(
        new RandomInput(random),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>());
  }

  private AgentModel(
      RandomInput random,
      NavigableMap<Integer, Customer> customers,
      NavigableMap<Integer, Message> messages,
      NavigableMap<Integer, Order> orders,
      NavigableMap<Integer, OrderItem> items) {
    this.random = random;
    this.customers = customers;
    this.messages = messages;
    this.orders = orders;
    this.items = items;
  }

  /** For work that may be rolled back: then it is thrown away. */
  AgentModel copy() {
    return new AgentModel(
        random,
        new TreeMap<>(customers),
        new TreeMap<>(messages),
        new TreeMap<>(orders),
        new TreeMap<>(items));
  }

  /** One random operation; what is to fail does so in a transaction or savepoint of its own. */
  void step(TenantScope scope) {
    switch (random.below(14)) {
      case 0 -> create(scope);
      case 1 -> findOrCreate(scope);
      case 2 -> rename(scope);
      case 3 -> changePhone(scope);
      case 4 -> delete(scope);
      case 5, 6 -> message(scope);
      case 7 -> messageByPhone(scope);
      case 8 -> editOrDeleteMessage(scope);
      case 9 -> place(scope);
      case 10 -> addItem(scope);
      case 11 -> changeOrRemoveItem(scope);
      case 12 -> changeOrder(scope);
      default -> tooMuch(scope);
    }
  }

  void assertHeldBy(TenantScope scope) {
    PageRequest all = PageRequest.first(1000);
    assertThat(scope.customers().list(all).items())
        .isEqualTo(List.copyOf(customers.descendingMap().values()));
    List<Message> byTime = messages.values().stream().sorted(NEWEST_FIRST).toList();
    assertThat(scope.messages().list(all).items()).isEqualTo(byTime);
    List<Conversation> conversations = new ArrayList<>();
    for (Message message : byTime) {
      if (conversations.stream().noneMatch(c -> c.customer().id() == message.customerId())) {
        conversations.add(new Conversation(customers.get(message.customerId()), message));
      }
    }
    assertThat(scope.conversations().latest(all).items()).isEqualTo(conversations);
    assertThat(scope.orders().list(all).items())
        .extracting(AgentModel::comparable)
        .isEqualTo(orders.descendingMap().values().stream().map(this::withTotal).toList());
    random
        .pick(orders)
        .ifPresent(
            id -> assertThat(scope.orders().find(id).orElseThrow().items()).isEqualTo(itemsOf(id)));
  }

  private void create(TenantScope scope) {
    NewCustomer wanted = new NewCustomer(random.text(), random.phone());
    put(scope.customers().create(wanted), wanted);
  }

  private void findOrCreate(TenantScope scope) {
    NewCustomer wanted = new NewCustomer(random.text(), random.phone());
    Customer answer = scope.customers().findOrCreateByPhone(wanted.phone(), wanted.name());
    Optional<Customer> known = oldest(wanted.phone());
    if (known.isPresent()) {
      assertThat(answer).isEqualTo(known.get());
    } else {
      put(answer, wanted);
    }
  }

  private void put(Customer made, NewCustomer wanted) {
    assertThat(new NewCustomer(made.name(), made.phone())).isEqualTo(wanted);
    assertThat(customers.put(made.id(), made)).isNull();
  }

  private void rename(TenantScope scope) {
    int id = random.id(customers);
    String name = random.text();
    Customer old = customers.get(id);
    if (old == null) {
      notFound(scope, inner -> inner.customers().rename(id, name));
      return;
    }
    customers.put(id, new Customer(id, name, old.phone(), old.createdAt()));
    assertThat(scope.customers().rename(id, name)).isEqualTo(customers.get(id));
  }

  private void changePhone(TenantScope scope) {
    int id = random.id(customers);
    String phone = random.phone();
    Customer old = customers.get(id);
    if (old == null) {
      notFound(scope, inner -> inner.customers().changePhone(id, phone));
      return;
    }
    customers.put(id, new Customer(id, old.name(), phone, old.createdAt()));
    assertThat(scope.customers().changePhone(id, phone)).isEqualTo(customers.get(id));
    assertThat(scope.customers().findByPhone(phone)).isEqualTo(oldest(phone));
  }

  private void delete(TenantScope scope) {
    int id = random.id(customers);
    assertThat(scope.customers().delete(id)).isEqualTo(customers.remove(id) != null);
    messages.values().removeIf(message -> message.customerId() == id);
    orders.values().removeIf(order -> order.customerId() == id);
    items.values().removeIf(item -> !orders.containsKey(item.orderId()));
  }

  private void message(TenantScope scope) {
    int customer = random.id(customers);
    String text = random.text();
    Instant time = random.time();
    if (!customers.containsKey(customer)) {
      notFound(scope, inner -> inner.messages().recordInbound(customer, text, time));
      return;
    }
    put(scope.messages().recordOutbound(customer, text, time), customer, text, time);
  }

  private void messageByPhone(TenantScope scope) {
    NewCustomer from = new NewCustomer(random.text(), random.phone());
    String text = random.text();
    Instant time = random.time();
    Message answer = scope.messages().recordInboundFrom(from.phone(), from.name(), text, time);
    Optional<Customer> known = oldest(from.phone());
    if (known.isEmpty()) {
      put(scope.customers().find(answer.customerId()).orElseThrow(), from);
    }
    put(answer, known.map(Customer::id).orElse(answer.customerId()), text, time);
  }

  private void put(Message made, int customer, String text, Instant time) {
    assertThat(made).isEqualTo(new Message(made.id(), customer, text, made.direction(), time));
    assertThat(messages.put(made.id(), made)).isNull();
  }

  private void editOrDeleteMessage(TenantScope scope) {
    int id = random.id(messages);
    Message old = messages.remove(id);
    if (old == null || random.coin()) {
      assertThat(scope.messages().delete(id)).isEqualTo(old != null);
      return;
    }
    Message changed =
        new Message(id, old.customerId(), random.text(), old.direction(), old.timestamp());
    messages.put(id, changed);
    assertThat(scope.messages().edit(id, changed.text())).isEqualTo(changed);
  }

  private void place(TenantScope scope) {
    List<NewOrderItem> wanted = new ArrayList<>();
    for (int i = random.below(4); i > 0; i--) {
      wanted.add(random.item());
    }
    NewOrder order = NewOrder.of(random.id(customers), wanted).notes(random.text());
    if (!customers.containsKey(order.customerId())) {
      notFound(scope, inner -> inner.orders().place(order));
      return;
    }
    OrderWithItems placed = scope.orders().place(order);
    assertThat(placed.order().notes()).isEqualTo(order.notes());
    assertThat(orders.put(placed.order().id(), comparable(placed.order()))).isNull();
    for (int i = 0; i < wanted.size(); i++) {
      put(placed.items().get(i), placed.order().id(), wanted.get(i));
    }
    assertThat(comparable(placed.order())).isEqualTo(withTotal(placed.order()));
  }

  private void addItem(TenantScope scope) {
    int order = random.id(orders);
    NewOrderItem wanted = random.item();
    if (!orders.containsKey(order)) {
      notFound(scope, inner -> inner.orders().addItem(order, wanted));
      return;
    }
    put(scope.orders().addItem(order, wanted), order, wanted);
  }

  private void changeOrRemoveItem(TenantScope scope) {
    int id = random.id(items);
    OrderItem old = items.remove(id);
    if (old == null || random.coin()) {
      assertThat(scope.orders().removeItem(id)).isEqualTo(old != null);
      return;
    }
    NewOrderItem wanted = random.item();
    put(scope.orders().changeItem(id, wanted), old.orderId(), wanted);
  }

  private void put(OrderItem made, int order, NewOrderItem wanted) {
    BigDecimal total = wanted.price().multiply(BigDecimal.valueOf(wanted.quantity()));
    assertThat(made)
        .isEqualTo(
            new OrderItem(
                made.id(),
                order,
                wanted.name(),
                wanted.quantity(),
                wanted.price(),
                total,
                made.createdAt()));
    assertThat(items.put(made.id(), made)).isNull();
  }

  private void changeOrder(TenantScope scope) {
    int id = random.id(orders);
    if (!orders.containsKey(id)) {
      notFound(scope, inner -> inner.orders().changeStatus(id, OrderStatus.SHIPPED));
      assertThat(scope.orders().delete(id)).isFalse();
      return;
    }
    if (random.below(4) == 0) {
      assertThat(scope.orders().delete(id)).isTrue();
      orders.remove(id);
      items.values().removeIf(item -> item.orderId() == id);
      return;
    }
    Order changed = scope.orders().changeStatus(id, new OrderStatus(random.text()));
    assertThat(comparable(changed).status()).isEqualTo(changed.status());
    orders.put(id, comparable(changed));
  }

  /** The order's total can't be stored, so the item isn't either. */
  private void tooMuch(TenantScope scope) {
    int order = random.id(orders);
    if (orders.containsKey(order)) {
      NewOrderItem gold = new NewOrderItem("Gold", 2, new BigDecimal("99999999.99"));
      fails(
          InvalidDataException.class,
          () -> scope.transaction(inner -> inner.orders().addItem(order, gold)));
    }
  }

  private static void notFound(
      TenantScope scope, TransactionalWork<TenantScope, ?, RuntimeException> work) {
    fails(NotFoundException.class, () -> scope.transaction(work));
  }

  private static void fails(Class<? extends Exception> type, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(type);
  }

  private Optional<Customer> oldest(String phone) {
    return customers.values().stream().filter(c -> c.phone().equals(phone)).findFirst();
  }

  private List<OrderItem> itemsOf(int order) {
    return items.values().stream().filter(item -> item.orderId() == order).toList();
  }

  private Order withTotal(Order order) {
    BigDecimal total =
        itemsOf(order.id()).stream()
            .map(OrderItem::total)
            .reduce(new BigDecimal("0.00"), BigDecimal::add);
    return comparable(order, total);
  }

  private static Order comparable(Order order) {
    return comparable(order, order.total());
  }

  private static Order comparable(Order order, BigDecimal total) {
    return new Order(
        order.id(),
        order.customerId(),
        total.setScale(2),
        order.status(),
        order.notes(),
        order.shippingAddress(),
        Instant.EPOCH,
        Instant.EPOCH);
  }
}
