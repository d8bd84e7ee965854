package dev.dovetable.core.deliveries;

import dev.dovetable.core.internal.sql.Json;
import dev.dovetable.core.messages.MessageDirection;
import dev.dovetable.core.messages.MessageMapper;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.JSONB;
import tools.jackson.databind.JsonNode;

/** Reads what delivery.sql gives. */
final class DeliveryReader {
  private DeliveryReader() {}

  static Delivery of(JSONB found) {
    JsonNode row = Json.read(found);
    JsonNode status = row.path("status");
    JsonNode edit = row.path("edit");
    return new Delivery(
        row.path("provider_id").stringValue(),
        text(row, "phone_number_id"),
        text(row, "sent_by").map(UUID::fromString),
        text(status, "state").map(DeliveryState::of),
        times(status),
        text(status, "errors").orElse("[]"),
        price(status),
        text(status, "callback_data"),
        each(
            row.path("members"),
            member ->
                new Delivery.Member(text(member, "phone"), text(member, "user_id"), times(member))),
        text(edit, "text").flatMap(text -> time(edit, "at").map(at -> new Delivery.Edit(text, at))),
        time(row, "revoked_at"),
        each(row.path("reactions"), DeliveryReader::reaction));
  }

  private static Optional<Delivery.Price> price(JsonNode status) {
    Delivery.Price price =
        new Delivery.Price(
            Optional.of(status.path("billable"))
                .filter(JsonNode::isBoolean)
                .map(JsonNode::booleanValue),
            text(status, "pricing_model"),
            text(status, "pricing_category"),
            text(status, "pricing_type"),
            text(status, "conversation_id"),
            text(status, "conversation_origin"),
            time(status, "conversation_expires_at"));
    boolean isTold =
        price.billable().isPresent()
            || price.model().isPresent()
            || price.category().isPresent()
            || price.type().isPresent()
            || price.conversationId().isPresent();
    return isTold ? Optional.of(price) : Optional.empty();
  }

  private static Delivery.Reaction reaction(JsonNode row) {
    Optional<MessageDetails.Participant> participant =
        MessageDetails.Participant.of(
            text(row, "participant_phone"),
            text(row, "participant_user_id"),
            text(row, "participant_name"));
    return new Delivery.Reaction(
        text(row, "emoji").orElse(""),
        time(row, "at").orElse(Instant.EPOCH),
        text(row, "direction")
            .filter(MessageMapper.column(MessageDirection.OUTBOUND)::equals)
            .map(column -> MessageDirection.OUTBOUND)
            .orElse(MessageDirection.INBOUND),
        participant);
  }

  private static Map<DeliveryState, Instant> times(JsonNode row) {
    Map<DeliveryState, Instant> times = new EnumMap<>(DeliveryState.class);
    for (DeliveryState state : DeliveryState.values()) {
      time(row, state.column() + "_at").ifPresent(at -> times.put(state, at));
    }
    return times;
  }

  private static <T> List<T> each(JsonNode array, Function<JsonNode, T> reader) {
    List<T> all = new ArrayList<>();
    array.values().forEach(element -> all.add(reader.apply(element)));
    return all;
  }

  private static Optional<String> text(JsonNode row, String field) {
    return row.path(field).isString()
        ? Optional.of(row.path(field).stringValue())
        : Optional.empty();
  }

  /** A time without a zone, which is UTC. */
  private static Optional<Instant> time(JsonNode row, String field) {
    return text(row, field).map(time -> LocalDateTime.parse(time).toInstant(ZoneOffset.UTC));
  }
}
