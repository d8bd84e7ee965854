package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.InvalidDataException.Kind;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.internal.sql.Keyset;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.OrderStatus;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every list of every repository, given cursors that aren't its own, or whole. */
class ForeignCursorTest extends DatabaseTest {
  private static final OrderStatus STATUS = new OrderStatus("AaAa");

  /** Text with the same hash. */
  private static final OrderStatus TWIN = new OrderStatus("BBBB");

  private static final Instant NOW = Instant.parse("2026-03-29T12:00:00Z");

  private static final List<List<Object>> FORGED_KEYS =
      List.of(
          List.of(Long.MAX_VALUE),
          List.of(Long.MIN_VALUE),
          List.of("9".repeat(100)),
          List.of(""),
          List.of("1-1-1-1-1"),
          List.of("1 or 1=1"),
          List.of("1", "2", "3"),
          List.of(Long.MIN_VALUE, 1),
          List.of("9".repeat(100), 1),
          List.of(0, Long.MAX_VALUE),
          List.of(0, "null"),
          List.of("nan", "nan"));

  private static TenantScope mine;
  private static TenantScope others;
  private static int ada;
  private static int bo;

  /** A list, and its name within cursors. */
  record Paged(String name, Function<PageRequest, Page<?>> list) {
    @Override
    public String toString() {
      return name;
    }

    Page<?> after(String cursor) {
      return list.apply(PageRequest.first(2).after(Cursor.parse(cursor)));
    }
  }

  @BeforeAll
  static void fill() {
    mine = newTenant();
    others = newTenant();
    ada = fill(mine, "Ada");
    bo = fill(mine, "Bo");
    fill(others, "Cy");
    fill(others, "Di");
    for (TenantScope scope : List.of(mine, others)) {
      UUID user =
          crm.asService()
              .agents()
              .findByPrefix(scope.prefix())
              .orElseThrow()
              .userId()
              .orElseThrow();
      crm.asService()
          .whatsapp()
          .save(NewWhatsAppConfig.of(user, "15550100", "https://example.com"));
    }
    crm.asService()
        .whatsapp()
        .save(NewWhatsAppConfig.of(admin.id(), "15550100", "https://example.com"));
  }

  private static int fill(TenantScope scope, String name) {
    int customer = scope.customers().create(new NewCustomer(name + " Doe", "15550100")).id();
    scope.customers().create(new NewCustomer(name + " Roe", "15550100"));
    for (int i = 0; i < 3; i++) {
      scope.messages().recordInbound(customer, "m" + i, NOW.plusSeconds(i));
      scope.orders().place(NewOrder.of(customer, List.of()).status(STATUS));
      scope.orders().place(NewOrder.of(customer, List.of()).status(TWIN));
    }
    return customer;
  }

  static Stream<Paged> lists() {
    List<Paged> lists = new ArrayList<>(agentLists(mine));
    lists.add(new Paged("users", crm.asService().users()::list));
    lists.add(new Paged("agents", crm.asService().agents()::list));
    lists.add(new Paged("whatsapp", crm.asService().whatsapp()::list));
    return lists.stream();
  }

  private static List<Paged> agentLists(TenantScope scope) {
    String prefix = scope.prefix();
    Instant from = Instant.EPOCH;
    Instant to = Instant.now().plusSeconds(3_600);
    return List.of(
        new Paged(prefix + ".customers", scope.customers()::list),
        new Paged(prefix + ".customers.search", page -> scope.customers().search("oe", page)),
        new Paged(prefix + ".timeline." + ada, page -> scope.messages().timeline(ada, page)),
        new Paged(
            prefix + ".timeline." + bo, page -> scope.messages().timelineOldestFirst(bo, page)),
        new Paged(
            prefix + ".timeline." + bo,
            page -> scope.messages().timelineBetween(bo, from, to, page)),
        new Paged(prefix + ".messages", scope.messages()::list),
        new Paged(prefix + ".messages", page -> scope.messages().listBetween(from, to, page)),
        new Paged(prefix + ".conversations", scope.conversations()::latest),
        new Paged(prefix + ".orders", scope.orders()::list),
        new Paged(prefix + ".orders." + ada, page -> scope.orders().listByCustomer(ada, page)),
        new Paged(prefix + ".orders." + bo, page -> scope.orders().listByCustomer(bo, page)),
        new Paged(
            prefix + ".orders.status." + STATUS, page -> scope.orders().listByStatus(STATUS, page)),
        new Paged(
            prefix + ".orders.status." + TWIN, page -> scope.orders().listByStatus(TWIN, page)),
        new Paged(
            prefix + ".orders.placed", page -> scope.orders().listPlacedBetween(from, to, page)));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void aListTakesItsOwnCursorOnly(Paged paged) {
    Page<?> first = paged.list().apply(PageRequest.first(1));
    Cursor own = first.next().orElseThrow();

    Page<?> second = paged.list().apply(PageRequest.first(1).after(own));

    assertThat(List.<Object>copyOf(second.items()))
        .hasSize(1)
        .doesNotContainAnyElementsOf(List.<Object>copyOf(first.items()));
    Stream.concat(lists(), agentLists(others).stream())
        .filter(other -> !other.name().equals(paged.name()))
        .map(other -> other.list().apply(PageRequest.first(1)).next())
        .flatMap(Optional::stream)
        .forEach(foreign -> Thrown.invalid(Kind.CURSOR, () -> paged.after(foreign.toString())));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void aTamperedCursorIsRefused(Paged paged) {
    String own = paged.list().apply(PageRequest.first(1)).next().orElseThrow().toString();
    byte[] bytes = Base64.getUrlDecoder().decode(own);

    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(changed);
      Thrown.invalid(Kind.CURSOR, () -> paged.after(text));
    }
    for (int length = 0; length < own.length(); length++) {
      String cut = own.substring(0, length);
      Thrown.invalid(Kind.CURSOR, () -> paged.after(cut));
    }
    for (String text : List.of(own + own, own + "=", own + "A", own + "\n", "A".repeat(1 << 20))) {
      Thrown.invalid(Kind.CURSOR, () -> paged.after(text));
    }
  }

  /** The checksum is no secret, so whoever knows the format can write any keys. */
  @ParameterizedTest
  @MethodSource("lists")
  void keysThatNoListGivesAreRefused(Paged paged) {
    String name = listOf(paged.list().apply(PageRequest.first(1)).next().orElseThrow());

    for (List<Object> keys : FORGED_KEYS) {
      String forged = Keyset.cursor(name, keys.toArray()).toString();
      if (name.equals("agents") || name.equals("whatsapp")) {
        // Their ids are 64 bits wide.
        if (keys.equals(List.of(Long.MAX_VALUE))) {
          assertThat(paged.after(forged).items()).isEmpty();
          continue;
        }
        if (keys.equals(List.of(Long.MIN_VALUE))) {
          assertThat(paged.after(forged).items()).hasSize(2);
          continue;
        }
      }
      Thrown.invalid(Kind.CURSOR, () -> paged.after(forged));
    }
  }

  private static String listOf(Cursor cursor) {
    byte[] bytes = Base64.getUrlDecoder().decode(cursor.toString());
    return new String(bytes, StandardCharsets.UTF_8).split("~")[0];
  }
}
