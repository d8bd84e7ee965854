package dev.dovetable.core.whatsapp;

import dev.dovetable.core.internal.sql.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Record;
import org.jooq.SelectField;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import tools.jackson.databind.JsonNode;

/** The columns of numbers, in a table or in what a function gives. Immutable and thread-safe. */
final class NumberRows {
  private final Name table;
  private final Field<String> displayNumber;
  private final Field<String> businessAccountId;
  private final Field<String> label;
  private final Field<Boolean> isActive;
  private final Field<Instant> since;
  final Field<String> phoneNumberId;

  NumberRows(Name table) {
    this.table = table;
    this.phoneNumberId = column("phone_number_id", SQLDataType.VARCHAR);
    this.displayNumber = column("display_number", SQLDataType.VARCHAR);
    this.businessAccountId = column("business_account_id", SQLDataType.VARCHAR);
    this.label = column("label", SQLDataType.VARCHAR);
    this.isActive = column("is_active", SQLDataType.BOOLEAN);
    this.since = column("since", SQLDataType.INSTANT);
  }

  <T> Field<T> column(String name, DataType<T> type) {
    return DSL.field(table.append(name), type);
  }

  List<SelectField<?>> columns() {
    return List.of(phoneNumberId, displayNumber, businessAccountId, label, isActive, since);
  }

  AgentNumber number(Record row) {
    return new AgentNumber(
        row.get(phoneNumberId),
        new NumberDetails(
            Optional.ofNullable(row.get(displayNumber)),
            Optional.ofNullable(row.get(businessAccountId)),
            Optional.ofNullable(row.get(label))),
        row.get(isActive),
        Optional.ofNullable(row.get(since)));
  }

  static AgentNumber number(JsonNode row) {
    return new AgentNumber(
        row.path("phone_number_id").stringValue(),
        new NumberDetails(
            Json.text(row, "display_number"),
            Json.text(row, "business_account_id"),
            Json.text(row, "label")),
        row.path("is_active").booleanValue(),
        Json.text(row, "since").map(since -> Json.time(row, "since")));
  }
}
