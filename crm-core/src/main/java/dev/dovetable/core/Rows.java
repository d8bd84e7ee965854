package dev.dovetable.core;

import dev.dovetable.core.jooq.tables.Agents;
import dev.dovetable.core.jooq.tables.Customers;
import dev.dovetable.core.jooq.tables.Messages;
import dev.dovetable.core.jooq.tables.Orders;
import dev.dovetable.core.jooq.tables.OrdersItems;
import dev.dovetable.core.jooq.tables.Users;
import dev.dovetable.core.jooq.tables.WhatsappConfiguration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.TableField;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows into the records of the API. Takes the table as it is named or aliased in the query.
 */
final class Rows {

  private Rows() {}

  static User user(Record row, Users t) {
    return new User(
        row.get(t.ID),
        row.get(t.NAME),
        row.get(t.EMAIL),
        UserRole.of(row.get(t.ROLE)),
        time(row, t.CREATED_AT));
  }

  static Agent agent(Record row, Agents t) {
    return new Agent(
        row.get(t.ID),
        row.get(t.AGENT_PREFIX),
        Optional.ofNullable(row.get(t.USER_ID)),
        row.get(t.CREATED_BY),
        time(row, t.CREATED_AT));
  }

  static Customer customer(Record row, Customers t) {
    return customerOf(row.get(t.ID), row.get(t.NAME), row.get(t.PHONE), row.get(t.CREATED_AT));
  }

  static Customer customerOf(int id, String name, String phone, @Nullable Instant createdAt) {
    return new Customer(id, name, phone, time(createdAt));
  }

  static Message message(Record row, Messages t) {
    return messageOf(
        row.get(t.ID),
        row.get(t.CUSTOMER_ID),
        row.get(t.MESSAGE),
        row.get(t.DIRECTION),
        row.get(t.TIMESTAMP));
  }

  static Message messageOf(
      int id, int customerId, String text, String direction, @Nullable Instant timestamp) {
    return new Message(id, customerId, text, MessageDirection.of(direction), time(timestamp));
  }

  static Order order(Record row, Orders t) {
    return new Order(
        row.get(t.ID),
        row.get(t.CUSTOMER_ID),
        row.get(t.TOTAL_AMOUNT),
        status(row.get(t.STATUS)),
        Optional.ofNullable(row.get(t.NOTES)),
        Optional.ofNullable(row.get(t.SHIPPING_ADDRESS)),
        time(row, t.CREATED_AT),
        time(row, t.UPDATED_AT));
  }

  /** The column allows null, although it has a default. */
  static OrderStatus status(@Nullable String column) {
    return column == null ? OrderStatus.PENDING : new OrderStatus(column);
  }

  static OrderItem item(Record row, OrdersItems t) {
    return new OrderItem(
        row.get(t.ID),
        row.get(t.ORDER_ID),
        row.get(t.NAME),
        row.get(t.QUANTITY),
        row.get(t.PRICE),
        row.get(t.TOTAL),
        time(row, t.CREATED_AT));
  }

  /** From one row per item, or one without an item; empty if there is none. */
  static Optional<OrderWithItems> orderWithItems(
      Result<? extends Record> rows, Orders o, OrdersItems i) {
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    List<OrderItem> found =
        rows.stream().filter(row -> row.get(i.ID) != null).map(row -> item(row, i)).toList();
    return Optional.of(new OrderWithItems(order(rows.get(0), o), found));
  }

  static WhatsAppConfig whatsAppConfig(Record row, WhatsappConfiguration t) {
    return new WhatsAppConfig(
        row.get(t.ID),
        row.get(t.USER_ID),
        row.get(t.WHATSAPP_NUMBER),
        row.get(t.WEBHOOK_URL),
        Optional.ofNullable(row.get(t.API_KEY)),
        Optional.ofNullable(row.get(t.BUSINESS_ACCOUNT_ID)),
        Optional.ofNullable(row.get(t.PHONE_NUMBER_ID)),
        Optional.ofNullable(row.get(t.VERIFY_TOKEN)),
        Boolean.TRUE.equals(row.get(t.IS_ACTIVE)),
        time(row, t.CREATED_AT),
        time(row, t.UPDATED_AT));
  }

  /** Columns of time have defaults but allow null, which no statement of this library writes. */
  private static Instant time(Record row, TableField<?, Instant> column) {
    return time(row.get(column));
  }

  private static Instant time(@Nullable Instant column) {
    return Objects.requireNonNullElse(column, Instant.EPOCH);
  }
}
