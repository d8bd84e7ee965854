package dev.dovetable.core.common;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.internal.sql.Keyset;
import dev.dovetable.core.orders.Order;
import dev.dovetable.core.orders.OrderStatus;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What a host answers with, as its web framework writes it. */
class ValuesAsJsonTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  @Test
  void aCursorIsItsText() {
    Cursor cursor = Keyset.cursor("shop.customers", 7);
    String json = JSON.writeValueAsString(new Page<>(List.of(1), Optional.of(cursor)));

    assertThat(json).isEqualTo("{\"items\":[1],\"next\":\"" + cursor + "\"}");
    assertThat(JSON.readValue("\"" + cursor + "\"", Cursor.class)).isEqualTo(cursor);
  }

  @Test
  void aStatusIsItsText() {
    Order order =
        new Order(
            1,
            2,
            new BigDecimal("3.00"),
            OrderStatus.SHIPPED,
            Optional.empty(),
            Optional.empty(),
            Instant.EPOCH,
            Instant.EPOCH);

    assertThat(JSON.writeValueAsString(order)).contains("\"status\":\"shipped\"");
    assertThat(JSON.readValue("\"packed\"", OrderStatus.class))
        .isEqualTo(new OrderStatus("packed"));
  }
}
