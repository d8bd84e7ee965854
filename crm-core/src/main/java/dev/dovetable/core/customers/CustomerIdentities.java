package dev.dovetable.core.customers;

import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Json;
import dev.dovetable.core.internal.sql.QueryTemplate;
import dev.dovetable.core.internal.sql.WebhooksRequired;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jooq.JSONB;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What messages have told of who customers are. Immutable and thread-safe. */
final class CustomerIdentities {
  private static final QueryTemplate<@Nullable JSONB> ADDRESSES = of("customers/addresses.sql");
  private static final QueryTemplate<@Nullable JSONB> MERGES = of("customers/merges.sql");

  private final Session session;
  private final AgentIdentity identity;

  CustomerIdentities(Session session, AgentIdentity identity) {
    this.session = session;
    this.identity = identity;
  }

  private static QueryTemplate<@Nullable JSONB> of(String file) {
    return QueryTemplate.ofFile(file, DSL.field(DSL.name("told"), SQLDataType.JSONB));
  }

  Optional<CustomerAddresses> addresses(int id) {
    return rows(ADDRESSES, id).stream().findFirst().map(CustomerIdentities::addressesOf);
  }

  List<CustomerMerge> merges(int id) {
    return rows(MERGES, id).stream().map(CustomerIdentities::mergeOf).toList();
  }

  boolean undoMerge(int lostId) {
    return call("undo_customer_merge", lostId);
  }

  boolean follow(int id) {
    return call("follow_customer", id);
  }

  private boolean call(String function, int id) {
    return prepared(
        () ->
            session
                .dsl()
                .select(
                    DSL.function(
                        identity.base().internal(function),
                        SQLDataType.BOOLEAN,
                        DSL.val(identity.prefix()),
                        DSL.val(id)))
                .fetchSingle()
                .value1());
  }

  private List<JsonNode> rows(QueryTemplate<@Nullable JSONB> query, int id) {
    return prepared(
        () -> {
          List<JsonNode> rows = new ArrayList<>();
          for (JSONB row :
              query.fetch(
                  session.dsl(),
                  identity,
                  Map.of("customer", DSL.val(id), "schema", DSL.inline(identity.schema())))) {
            rows.add(Json.read(row));
          }
          return rows;
        });
  }

  private static CustomerAddresses addressesOf(JsonNode row) {
    List<CustomerAddresses.Number> numbers = new ArrayList<>();
    for (JsonNode number : row.path("numbers").values()) {
      numbers.add(
          new CustomerAddresses.Number(
              number.path("phone").stringValue(),
              time(number, "since").orElse(Instant.EPOCH),
              time(number, "until")));
    }
    return new CustomerAddresses(
        numbers,
        texts(row.path("user_ids")),
        Json.text(row, "username"),
        Json.text(row, "parent_user_id"),
        row.path("follows_name").booleanValue(),
        row.path("follows_phone").booleanValue());
  }

  private static CustomerMerge mergeOf(JsonNode row) {
    return new CustomerMerge(
        row.path("lost_id").intValue(),
        row.path("kept_id").intValue(),
        time(row, "merged_at").orElse(Instant.EPOCH),
        Json.text(row, "source"),
        row.path("only_messages").booleanValue(),
        texts(row.path("left_behind")),
        time(row, "undone_at"));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.values().forEach(text -> texts.add(text.stringValue()));
    return texts;
  }

  private static Optional<Instant> time(JsonNode row, String field) {
    return Json.text(row, field)
        .map(text -> LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC));
  }

  private <T> T prepared(Supplier<T> work) {
    return WebhooksRequired.run(identity, work);
  }
}
