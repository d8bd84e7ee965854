package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.testkit.server.wire.OneConnection;
import dev.dovetable.testkit.server.wire.RoundTrips;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An export fetches what is asked of it and no more, however it is asked. */
class ExportTest extends DatabaseTest {
  private static final int ROWS = 2_600;
  private static final int PORTION = 500;

  private static RoundTrips wire;
  private static Connection connection;
  private static TenantScope scope;

  /** One of the exports, each of more rows than a few portions hold. */
  record Export(String name, Function<TenantScope, Stream<?>> of) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void fill() throws IOException, SQLException {
    wire = new RoundTrips(database.server().port());
    connection = wire.connect(database.name(), login);
    scope = crm(OneConnection.of(connection)).asAgent(newAgent().prefix());
    scope.customers().importAll(Collections.nCopies(ROWS, new NewCustomer("C", "1")).iterator());
    int customer = scope.customers().findByPhone("1").orElseThrow().id();
    scope
        .messages()
        .importAll(Collections.nCopies(ROWS, NewMessage.inbound(customer, "m")).iterator());
    List<NewOrderItem> items = Collections.nCopies(100, new NewOrderItem("I", 1, BigDecimal.ONE));
    for (int i = 0; i < ROWS / 100; i++) {
      scope.orders().place(NewOrder.of(customer, items));
    }
  }

  @AfterAll
  static void disconnect() throws IOException, SQLException {
    connection.close();
    wire.close();
  }

  static Stream<Export> exports() {
    return Stream.of(
        new Export("customers", s -> s.customers().stream()),
        new Export("messages", s -> s.messages().stream()),
        new Export(
            "a conversation",
            s -> s.messages().stream(s.customers().findByPhone("1").orElseThrow().id())),
        new Export("orders", s -> s.orders().stream()));
  }

  @ParameterizedTest
  @MethodSource("exports")
  void theFirstOneTakesOnePortion(Export export) {
    Stream<?> rows = export.of().apply(scope);
    wire.take();
    try (rows) {
      assertThat(rows.findFirst()).isPresent();
      assertThat(wire.take()).isOne();
    }
  }

  @ParameterizedTest
  @MethodSource("exports")
  void anIteratorTakesPortionByPortion(Export export) {
    Stream<?> rows = export.of().apply(scope);
    wire.take();
    try (rows) {
      Iterator<?> iterator = rows.iterator();
      iterator.next();
      assertThat(wire.take()).isOne();
      iterator.forEachRemaining(row -> {});
      assertThat(wire.take()).isGreaterThanOrEqualTo(ROWS / PORTION);
    }
  }
}
