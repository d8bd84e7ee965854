package dev.dovetable.core.customers;

import dev.dovetable.core.internal.sql.Times;
import dev.dovetable.core.jooq.tables.Customers;
import java.time.Instant;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Rows of an agent's customers. Takes the table as it is named or aliased in the query. */
final class CustomerMapper {

  private CustomerMapper() {}

  static Customer customer(Record row, Customers t) {
    return customerOf(row.get(t.ID), row.get(t.NAME), row.get(t.PHONE), row.get(t.CREATED_AT));
  }

  static Customer customerOf(int id, String name, String phone, @Nullable Instant createdAt) {
    return new Customer(id, name, phone, Times.orEpoch(createdAt));
  }
}
