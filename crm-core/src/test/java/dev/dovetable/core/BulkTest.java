package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.MessageDirection;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.core.orders.OrderWithItems;
import dev.dovetable.core.users.UserRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Imports and exports of more than fits into memory, as the agent's user and as the service. */
class BulkTest extends DatabaseTest {
  private static final int CHUNK = 5_000;
  private static final Instant NOON = Instant.parse("2026-03-29T12:00:00.123456Z");
  private static final List<String> HOSTILE =
      List.of(
          "\\", "\\N", "\\.", "a\tb", "a\nb", "a\rb", "a\\tb", "{}", "\"", "'", "NULL", "😀", "مر");

  private TenantScope own;
  private TenantScope service;
  private int ada;

  @BeforeEach
  void openScopes() {
    own = newTenant();
    service = crm.asService().tenant(own.prefix());
    ada = own.customers().create(new NewCustomer("Ada", "15550100")).id();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void importsCustomersInTheirOrder(boolean asService) {
    int rows = 2 * CHUNK + 17;

    long imported =
        scope(asService)
            .customers()
            .importAll(
                IntStream.range(0, rows)
                    .mapToObj(i -> new NewCustomer("Customer " + i, "49" + i))
                    .iterator());

    assertThat(imported).isEqualTo(rows);
    assertThat(own.customers().count()).isEqualTo(rows + 1);
    try (Stream<Customer> stored = own.customers().stream()) {
      assertThat(stored.skip(1).map(Customer::name))
          .containsExactlyElementsOf(
              IntStream.range(0, rows).mapToObj(i -> "Customer " + i).toList());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void importsTextsAndTimesAsTheyAre(boolean asService) {
    TenantScope scope = scope(asService);
    scope.customers().importAll(HOSTILE.stream().map(t -> new NewCustomer(t, t)).iterator());
    scope
        .messages()
        .importAll(HOSTILE.stream().map(t -> NewMessage.outbound(ada, t).at(NOON)).iterator());
    Instant old = Instant.parse("0000-06-01T00:00:00Z");
    scope.messages().importAll(List.of(NewMessage.inbound(ada, "").at(old)).iterator());

    try (Stream<Customer> customers = own.customers().stream();
        Stream<Message> messages = own.messages().stream()) {
      assertThat(customers.skip(1)).extracting(Customer::name).containsExactlyElementsOf(HOSTILE);
      assertThat(messages.limit(HOSTILE.size()))
          .allSatisfy(
              message -> {
                assertThat(message.timestamp()).isEqualTo(NOON);
                assertThat(message.direction()).isEqualTo(MessageDirection.OUTBOUND);
              })
          .extracting(Message::text)
          .containsExactlyElementsOf(HOSTILE);
    }
    assertThat(own.messages().timelineOldestFirst(ada, PageRequest.first(1)).items())
        .singleElement()
        .satisfies(message -> assertThat(message.timestamp()).isEqualTo(old));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void messagesWithoutTimeAreOfNow(boolean asService) {
    scope(asService)
        .messages()
        .importAll(
            List.of(NewMessage.inbound(ada, "a").at(NOON), NewMessage.inbound(ada, "b"))
                .iterator());

    assertThat(own.messages().latest(ada, 1))
        .singleElement()
        .satisfies(
            message ->
                assertThat(message.timestamp())
                    .isBetween(Instant.now().minusSeconds(600), Instant.now().plusSeconds(600)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void namesTheRowThatIsRefusedAndKeepsNone(boolean asService) {
    int bad = CHUNK + 1234;
    Iterator<NewMessage> rows =
        IntStream.range(0, 2 * CHUNK)
            .mapToObj(i -> NewMessage.inbound(i < bad ? ada : -i, "secret").at(NOON))
            .iterator();

    assertThatExceptionOfType(InvalidDataException.class)
        .isThrownBy(() -> scope(asService).messages().importAll(rows))
        .satisfies(
            e -> {
              assertThat(e.row()).isEqualTo(OptionalLong.of(bad));
              assertThat(e.kind()).isEqualTo(InvalidDataException.Kind.FOREIGN_KEY);
              assertThat(e).hasMessageContaining("index " + bad);
              assertThat(e.remedy()).contains("customerId", "make the customers first");
              assertThat(e).hasMessageNotContaining("secret");
            });

    assertThat(own.messages().count()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRefusalWithinATransactionLeavesItUsable(boolean asService) {
    scope(asService)
        .transaction(
            inner -> {
              assertThatThrownBy(
                      () ->
                          inner
                              .messages()
                              .importAll(List.of(NewMessage.inbound(-1, "x").at(NOON)).iterator()))
                  .isInstanceOf(InvalidDataException.class);
              return inner
                  .messages()
                  .importAll(List.of(NewMessage.inbound(ada, "x").at(NOON)).iterator());
            });

    assertThat(own.messages().count()).isOne();
  }

  @Test
  void whatTheIteratorThrowsComesBackUnchanged() {
    UncheckedIOException thrown = new UncheckedIOException(new IOException("disk"));
    Iterator<NewCustomer> rows =
        IntStream.range(0, 2 * CHUNK)
            .mapToObj(
                i -> {
                  if (i > CHUNK) {
                    throw thrown;
                  }
                  return new NewCustomer("C", "1");
                })
            .iterator();

    assertThatThrownBy(() -> own.customers().importAll(rows)).isSameAs(thrown);
    assertThat(own.customers().count()).isOne();
  }

  @Test
  void takesNoMoreThanAChunkAtATime() {
    AtomicInteger taken = new AtomicInteger();
    Iterator<NewMessage> endless =
        Stream.generate(
                () -> {
                  taken.incrementAndGet();
                  return NewMessage.inbound(-1, "x").at(NOON);
                })
            .iterator();

    assertThatThrownBy(() -> service.messages().importAll(endless))
        .isInstanceOf(InvalidDataException.class);
    assertThat(taken).hasValueLessThanOrEqualTo(CHUNK + 1);
  }

  @Test
  void nothingIsImportedForSomebodyElse() {
    TenantScope asStranger = crm.as(Actor.user(newUser(UserRole.AGENT).id())).tenant(own.prefix());

    assertThatThrownBy(
            () -> asStranger.customers().importAll(List.of(new NewCustomer("X", "1")).iterator()))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(
            () ->
                own.readOnly().customers().importAll(List.of(new NewCustomer("X", "1")).iterator()))
        .isInstanceOf(DatabaseException.class);
    assertThat(own.customers().importAll(Collections.emptyIterator())).isZero();
    assertThat(own.customers().count()).isOne();
  }

  @Test
  void exportsOrdersWithTheirItems() {
    NewOrderItem tea = new NewOrderItem("Tea", 1, BigDecimal.ONE);
    List<OrderWithItems> placed =
        IntStream.range(0, 300)
            .mapToObj(i -> own.orders().place(NewOrder.of(ada, Collections.nCopies(i % 4, tea))))
            .toList();

    try (Stream<OrderWithItems> orders = own.orders().stream()) {
      assertThat(orders)
          .extracting(order -> order.order().id(), order -> order.items().size())
          .containsExactlyElementsOf(
              placed.stream()
                  .map(o -> org.assertj.core.api.Assertions.tuple(o.order().id(), o.items().size()))
                  .toList());
    }
    try (Stream<OrderWithItems> none = newTenant().orders().stream()) {
      assertThat(none).isEmpty();
    }
  }

  @Test
  void anExportThatIsLeftEarlyGivesItsConnectionBack() {
    own.messages().importAll(messages(3_000));
    try (HikariDataSource one = pool(2)) {
      TenantScope scope = crm(one).asAgent(own.prefix());
      for (int i = 0; i < 4; i++) {
        try (Stream<Message> conversation = scope.messages().stream(ada)) {
          Optional<Message> first = conversation.findFirst();
          assertThat(first).isPresent();
        }
        assertThat(one.getHikariPoolMXBean().getActiveConnections()).isZero();
      }
    }
  }

  private Iterator<NewMessage> messages(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> NewMessage.inbound(ada, "m" + i).at(NOON.plusSeconds(i)))
        .iterator();
  }

  private TenantScope scope(boolean asService) {
    return asService ? service : own;
  }
}
