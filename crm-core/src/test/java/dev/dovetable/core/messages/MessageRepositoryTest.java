package dev.dovetable.core.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.InvalidDataException.Kind;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Thrown;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TimeZone;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageRepositoryTest extends DatabaseTest {
  private static final Comparator<Message> NEWEST_FIRST =
      Comparator.comparing(Message::timestamp).thenComparing(Message::id).reversed();

  @Test
  void whatIsRecordedIsFoundEditedAndDeleted() {
    TenantScope tenant = newTenant();
    MessageRepository messages = tenant.messages();
    Customer ada = tenant.customers().create(new NewCustomer("Ada", "1"));
    Message in = messages.recordInbound(ada.id(), "hello");
    Message out = messages.recordOutbound(ada.id(), "");

    assertThat(in.direction()).isEqualTo(MessageDirection.INBOUND);
    assertThat(out.direction()).isEqualTo(MessageDirection.OUTBOUND);
    assertThat(messages.find(in.id())).contains(in);
    assertThat(messages.find(out.id()).orElseThrow().text()).isEmpty();
    assertThat(messages.edit(in.id(), "hi").text()).isEqualTo("hi");
    assertThat(messages.delete(in.id())).isTrue();
    assertThat(messages.delete(in.id())).isFalse();
    assertThat(messages.find(in.id())).isEmpty();
    assertThatThrownBy(() -> messages.edit(in.id(), "x")).isInstanceOf(NotFoundException.class);
  }

  @Test
  void byPhoneRecordsForKnownAndNewCustomers() {
    TenantScope tenant = newTenant();
    Instant time = Instant.parse("2026-01-02T03:04:05.678901Z");
    Message first = tenant.messages().recordInboundFrom("1", "Ada", "hello", time);
    Message second = tenant.messages().recordOutboundTo("1", "Other", "hi", time);

    assertThat(second.customerId()).isEqualTo(first.customerId());
    assertThat(tenant.customers().findByPhone("1").orElseThrow().name()).isEqualTo("Ada");
    assertThat(first.timestamp()).isEqualTo(time);
  }

  @Test
  void aMessageThatCannotBeStoredMakesNoCustomer() {
    TenantScope tenant = newTenant();
    Thrown.invalid(
        Kind.OUT_OF_BOUNDS,
        () ->
            tenant
                .messages()
                .recordInboundFrom("1", "Ada", "x", Instant.parse("+300000-01-01T00:00:00Z")));
    assertThat(tenant.customers().findByPhone("1")).isEmpty();
  }

  @Test
  void unknownCustomerIsNamed() {
    TenantScope tenant = newTenant();
    assertThatThrownBy(() -> tenant.messages().recordInbound(99, "hello"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("customer 99 of agent " + tenant.prefix());
  }

  /** Random times with many equal ones; sizes of pages change on the way. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void timelineHoldsEveryMessageOnceInOrder(long seed) {
    Random random = new Random(seed);
    TenantScope tenant = newTenant();
    List<Customer> customers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      customers.add(tenant.customers().create(new NewCustomer("C" + i, "" + i)));
    }
    Instant base = Instant.parse("2026-03-29T00:59:59.999999Z");
    List<Message> all = new ArrayList<>();
    tenant.transaction(
        tx -> {
          for (int i = 0; i < 120; i++) {
            int customer = customers.get(random.nextInt(3)).id();
            Instant time = base.plus(random.nextInt(12), ChronoUnit.MICROS);
            all.add(
                random.nextBoolean()
                    ? tx.messages().recordInbound(customer, "m" + i, time)
                    : tx.messages().recordOutbound(customer, "m" + i, time));
          }
          return null;
        });
    all.sort(NEWEST_FIRST);

    for (Customer customer : customers) {
      List<Message> read = new ArrayList<>();
      Optional<Cursor> cursor = Optional.empty();
      do {
        PageRequest request = new PageRequest(1 + random.nextInt(7), cursor);
        Page<Message> page = tenant.messages().timeline(customer.id(), request);
        assertThat(page.items()).hasSizeLessThanOrEqualTo(request.limit());
        read.addAll(page.items());
        cursor = page.next();
      } while (cursor.isPresent());
      assertThat(read)
          .isEqualTo(all.stream().filter(m -> m.customerId() == customer.id()).toList());
    }
    assertThat(tenant.messages().list(PageRequest.first(1000)).items()).isEqualTo(all);
  }

  @Test
  void messagesThatComeMeanwhileMoveNoOther() {
    TenantScope tenant = newTenant();
    Customer ada = tenant.customers().create(new NewCustomer("Ada", "1"));
    Instant time = Instant.parse("2026-01-01T00:00:00Z");
    List<Message> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      all.add(tenant.messages().recordInbound(ada.id(), "m" + i, time));
    }
    all.sort(NEWEST_FIRST);

    Page<Message> first = tenant.messages().timeline(ada.id(), PageRequest.first(3));
    tenant.messages().recordInbound(ada.id(), "newer", time);
    tenant.messages().delete(first.items().get(2).id());
    Page<Message> second =
        tenant
            .messages()
            .timeline(ada.id(), PageRequest.first(3).after(first.next().orElseThrow()));

    assertThat(second.items()).isEqualTo(all.subList(3, 6));
  }

  @Test
  void cursorOfAnotherCustomerIsRefused() {
    TenantScope tenant = newTenant();
    Customer ada = tenant.customers().create(new NewCustomer("Ada", "1"));
    Customer bo = tenant.customers().create(new NewCustomer("Bo", "2"));
    tenant.messages().recordInbound(ada.id(), "1");
    tenant.messages().recordInbound(ada.id(), "2");
    Cursor cursor = tenant.messages().timeline(ada.id(), PageRequest.first(1)).next().orElseThrow();
    Thrown.invalid(
        Kind.CURSOR, () -> tenant.messages().timeline(bo.id(), PageRequest.first(1).after(cursor)));
  }

  /** A message without a time can only come from somebody's own SQL; it must not break paging. */
  @Test
  void messagesWithoutTimeAreLeftOut() {
    TenantScope tenant = newTenant();
    Customer ada = tenant.customers().create(new NewCustomer("Ada", "1"));
    Message timed = tenant.messages().recordInbound(ada.id(), "timed");
    Message other = tenant.messages().recordInbound(ada.id(), "untimed");
    var table = tenant.tables().messages();
    tenant.dsl().update(table).setNull(table.TIMESTAMP).where(table.ID.eq(other.id())).execute();

    assertThat(tenant.messages().timeline(ada.id(), PageRequest.first(9)).items())
        .containsExactly(timed);
    assertThat(tenant.conversations().latest(PageRequest.first(9)).items()).hasSize(1);
    assertThat(tenant.messages().find(other.id()).orElseThrow().timestamp())
        .isEqualTo(Instant.EPOCH);
  }

  /** Each first time is in an hour that doesn't exist in that zone. */
  @Test
  void timesAreExactWhateverTheZones() {
    TenantScope tenant = newTenant();
    Customer ada = tenant.customers().create(new NewCustomer("Ada", "1"));
    List<Instant> times =
        List.of(
            Instant.parse("2026-03-29T02:30:00.123456Z"),
            Instant.parse("2026-03-08T02:30:00.000001Z"),
            Instant.parse("1969-12-31T23:59:59.999999Z"),
            Instant.parse("9999-12-31T23:59:59.999999Z"),
            Instant.parse("0001-01-01T00:00:00Z"));
    TimeZone before = TimeZone.getDefault();
    try {
      for (String zone : List.of("Europe/Berlin", "America/Los_Angeles", "Asia/Kathmandu", "UTC")) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        for (Instant time : times) {
          Message message = tenant.messages().recordInbound(ada.id(), "x", time);
          assertThat(message.timestamp()).isEqualTo(time);
          assertThat(tenant.messages().find(message.id())).contains(message);
          assertThat(stored(tenant, message)).isEqualTo(time.toString().replace("Z", ""));
        }
      }
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  void nanosecondsAreCutOffNotRounded() {
    TenantScope tenant = newTenant();
    Customer ada = tenant.customers().create(new NewCustomer("Ada", "1"));
    Message message =
        tenant
            .messages()
            .recordInbound(ada.id(), "x", Instant.parse("2026-12-31T23:59:59.999999999Z"));
    assertThat(message.timestamp()).isEqualTo("2026-12-31T23:59:59.999999Z");
    Message early =
        tenant
            .messages()
            .recordInbound(ada.id(), "x", Instant.parse("1950-12-31T23:59:59.000000999Z"));
    assertThat(early.timestamp()).isEqualTo("1950-12-31T23:59:59Z");
  }

  @Test
  void nowIsNowInEveryZone() {
    TenantScope tenant = newTenant();
    Instant before = Instant.now().minusSeconds(5);
    Customer ada = tenant.customers().create(new NewCustomer("Ada", "1"));
    Message message = tenant.messages().recordInbound(ada.id(), "x");
    Agent agent = crm.asService().agents().findByPrefix(tenant.prefix()).orElseThrow();
    assertThat(List.of(message.timestamp(), ada.createdAt()))
        .allSatisfy(t -> assertThat(t).isBetween(before, Instant.now().plusSeconds(5)));
    assertThat(agent.createdAt()).isBetween(before.minusSeconds(600), Instant.now().plusSeconds(5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'; drop table users; --",
        "\"{prefix}_customers\" {0} ? :x ${y} \\",
        "👩‍👩‍👧 שלום עולם ‮abc‬ \u0001\ufeff\uffff",
        "a\r\nb\tc"
      })
  void textComesBackAsItWas(String text) {
    TenantScope tenant = newTenant();
    Customer customer = tenant.customers().create(new NewCustomer("x" + text, "1" + text));
    Message message = tenant.messages().recordInbound(customer.id(), text);
    assertThat(tenant.customers().findByPhone("1" + text)).contains(customer);
    assertThat(tenant.messages().find(message.id()).orElseThrow().text()).isEqualTo(text);
  }

  @Test
  void aMegabyteComesBackAsItWas() {
    TenantScope tenant = newTenant();
    Customer ada = tenant.customers().create(new NewCustomer("Ada", "1"));
    String text = "ж€'".repeat(350_000);
    Message message = tenant.messages().recordInbound(ada.id(), text);
    assertThat(tenant.messages().find(message.id()).orElseThrow().text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0", "hello\0world", "\ud83d"})
  void whatIsNoTextIsRefused(String noText) {
    MessageRepository messages = newTenant().messages();
    Thrown.invalid(Kind.NOT_TEXT, () -> messages.recordInbound(1, noText));
    Thrown.invalid(Kind.NOT_TEXT, () -> messages.recordOutbound(1, noText));
    Thrown.invalid(
        Kind.NOT_TEXT, () -> messages.recordInboundFrom("1", "Ada", noText, Instant.now()));
    Thrown.invalid(Kind.NOT_TEXT, () -> messages.edit(1, noText));
  }

  /** As the server holds it, without any conversion of times in between. */
  private static String stored(TenantScope tenant, Message message) {
    var table = tenant.tables().messages();
    return tenant
        .dsl()
        .select(
            DSL.field(
                "to_char({0}, 'YYYY-MM-DD\"T\"HH24:MI:SS.US')", String.class, table.TIMESTAMP))
        .from(table)
        .where(table.ID.eq(message.id()))
        .fetchSingle()
        .value1()
        .replaceFirst("\\.000000$", "");
  }
}
