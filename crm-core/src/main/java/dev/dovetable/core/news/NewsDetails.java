package dev.dovetable.core.news;

import dev.dovetable.core.internal.sql.Json;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jooq.JSONB;
import tools.jackson.databind.JsonNode;

/** Reads what news says. */
final class NewsDetails {
  private static final int MAX_DIGITS = 30;

  private NewsDetails() {}

  /** What a piece is about: by what is in it, else by the name of its field. */
  static NewsKind kindOf(String field, JSONB payload) {
    JsonNode value = Json.read(payload);
    Optional<String> statusType = text(value.path("statuses").path(0), "type");
    if (statusType.isPresent() && !field.equals("calls")) {
      return statusType.get().equals("call") ? NewsKind.CALL : NewsKind.PAYMENT;
    }
    if (field.equals("messages") && value.path("errors").isArray()) {
      return NewsKind.ERROR;
    }
    if (field.equals("messages") && value.path("user_actions").isArray()) {
      return NewsKind.CLICK;
    }
    return NewsKind.ofField(field);
  }

  static List<NewsDetail> of(NewsKind kind, JSONB payload) {
    JsonNode value = Json.read(payload);
    return switch (kind) {
      case TEMPLATE -> List.of(template(value));
      case ACCOUNT -> List.of(account(value));
      case NUMBER -> List.of(number(value));
      case CALL ->
          Stream.concat(
                  each(value.path("calls"), NewsDetails::call),
                  each(value.path("statuses"), NewsDetails::call))
              .toList();
      case CONTACTS -> each(value.path("state_sync"), NewsDetails::contact).toList();
      case GROUP -> each(value.path("groups"), NewsDetails::group).toList();
      case PAYMENT ->
          value.has("statuses")
              ? each(value.path("statuses"), NewsDetails::payment).toList()
              : List.of(paymentConfiguration(value));
      case HANDOVER -> List.of(handover(value));
      case FLOW -> List.of(flow(value));
      case CONVERSION -> each(value.path("automatic_events"), NewsDetails::conversion).toList();
      case CLICK -> each(value.path("user_actions"), NewsDetails::click).toList();
      case PARTNER -> List.of(partnerSolution(value));
      case ERROR -> each(value.path("errors"), NewsDetails::problem).toList();
      case HISTORY ->
          each(value.path("history"), Function.identity())
              .flatMap(chunk -> each(chunk.path("errors"), NewsDetails::problem))
              .toList();
      case OTHER -> List.of();
    };
  }

  private static <T> Stream<T> each(JsonNode array, Function<JsonNode, ? extends T> reader) {
    List<T> all = new ArrayList<>();
    if (array.isArray()) {
      array.values().forEach(element -> all.add(reader.apply(element)));
    }
    return all.stream();
  }

  private static NewsDetail template(JsonNode value) {
    return new NewsDetail.Template(
        text(value, "message_template_id"),
        text(value, "message_template_name"),
        text(value, "message_template_language"),
        text(value, "event"),
        text(value, "reason").or(() -> text(value.path("rejection_info"), "reason")),
        text(value, "previous_quality_score").or(() -> text(value, "previous_category")),
        text(value, "new_quality_score").or(() -> text(value, "new_category")));
  }

  private static NewsDetail account(JsonNode value) {
    return new NewsDetail.Account(
        text(value, "event")
            .or(() -> text(value, "decision"))
            .or(() -> text(value, "alert_type"))
            .or(() -> text(value.path("alert_info"), "alert_type")),
        text(value.path("violation_info"), "violation_type")
            .or(() -> text(value.path("restriction_info").path(0), "restriction_type"))
            .or(() -> text(value.path("ban_info"), "waba_ban_state"))
            .or(() -> text(value, "alert_description"))
            .or(() -> text(value.path("alert_info"), "alert_description")));
  }

  private static NewsDetail number(JsonNode value) {
    return new NewsDetail.Number(
        text(value, "display_phone_number"),
        text(value, "event")
            .or(() -> text(value, "decision"))
            .or(() -> text(value, "status"))
            .or(() -> text(value, "type")),
        text(value, "current_limit").or(() -> text(value, "max_daily_conversations_per_business")),
        text(value, "requested_verified_name").or(() -> text(value, "username")),
        text(value, "rejection_reason"));
  }

  private static NewsDetail call(JsonNode call) {
    return new NewsDetail.Call(
        text(call, "id"),
        text(call, "event").or(() -> text(call, "status")),
        text(call, "from").or(() -> text(call, "from_user_id")),
        text(call, "to").or(() -> text(call, "recipient_id")),
        text(call, "direction"),
        time(call, "timestamp"),
        decimal(call, "duration").filter(d -> d.precision() < 18).map(BigDecimal::longValue));
  }

  private static NewsDetail contact(JsonNode entry) {
    JsonNode contact = entry.path("contact");
    return new NewsDetail.Contact(
        text(entry, "action"),
        text(contact, "phone_number"),
        text(contact, "full_name").or(() -> text(contact, "first_name")),
        time(entry.path("metadata"), "timestamp"));
  }

  private static NewsDetail group(JsonNode group) {
    return new NewsDetail.Group(
        text(group, "group_id"),
        text(group, "type"),
        text(group, "subject").or(() -> text(group.path("group_subject"), "text")),
        time(group, "timestamp"));
  }

  private static NewsDetail payment(JsonNode status) {
    JsonNode payment = status.path("payment");
    JsonNode amount = payment.path("amount");
    BigDecimal offset =
        decimal(amount, "offset").filter(o -> o.signum() > 0).orElse(BigDecimal.ONE);
    return new NewsDetail.Payment(
        text(status, "id"),
        text(status, "status"),
        text(payment, "reference_id"),
        decimal(amount, "value").map(value -> value.divide(offset, MathContext.DECIMAL64)),
        text(payment, "currency"),
        time(status, "timestamp"));
  }

  private static NewsDetail paymentConfiguration(JsonNode value) {
    return new NewsDetail.PaymentConfiguration(
        text(value, "configuration_name"),
        text(value, "provider_name"),
        text(value, "provider_mid"),
        text(value, "status"),
        time(value, "created_timestamp"),
        time(value, "updated_timestamp"));
  }

  /** What happened is the name of the field that tells of it. */
  private static NewsDetail handover(JsonNode value) {
    Optional<String> event =
        value.propertyNames().stream().filter(name -> name.startsWith("control_")).findFirst();
    JsonNode sender = value.path("sender");
    return new NewsDetail.Handover(
        event,
        text(sender, "phone_number").or(() -> text(sender, "user_id")),
        event.flatMap(name -> text(value.path(name), "metadata")),
        time(value, "timestamp"));
  }

  private static NewsDetail flow(JsonNode value) {
    return new NewsDetail.Flow(
        text(value, "flow_id"),
        text(value, "event"),
        text(value, "message"),
        text(value, "old_status"),
        text(value, "new_status"));
  }

  private static NewsDetail conversion(JsonNode event) {
    JsonNode data = event.path("custom_data");
    return new NewsDetail.Conversion(
        text(event, "id"),
        text(event, "event_name"),
        text(event, "ctwa_clid"),
        decimal(data, "value").map(thousandths -> thousandths.movePointLeft(3)),
        text(data, "currency"),
        time(event, "timestamp"));
  }

  private static NewsDetail click(JsonNode action) {
    JsonNode link = action.path("marketing_messages_link_click_data");
    return new NewsDetail.Click(
        text(action, "action_type"),
        text(link, "click_component"),
        text(link, "product_id"),
        text(link, "click_id"),
        time(action, "timestamp"));
  }

  private static NewsDetail partnerSolution(JsonNode value) {
    return new NewsDetail.PartnerSolution(
        text(value, "solution_id"), text(value, "event"), text(value, "solution_status"));
  }

  private static NewsDetail problem(JsonNode error) {
    return new NewsDetail.Problem(
        text(error, "code"),
        text(error.path("error_data"), "details")
            .or(() -> text(error, "message"))
            .or(() -> text(error, "title")));
  }

  private static Optional<String> text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isString() || value.isNumber()
        ? Optional.of(value.asString()).filter(text -> !text.isBlank())
        : Optional.empty();
  }

  private static Optional<Instant> time(JsonNode node, String field) {
    return text(node, field)
        .filter(text -> text.matches("[0-9]{1,11}"))
        .map(text -> Instant.ofEpochSecond(Long.parseLong(text)));
  }

  private static Optional<BigDecimal> decimal(JsonNode node, String field) {
    return text(node, field)
        .filter(text -> text.length() <= MAX_DIGITS && text.matches("-?[0-9]+(\\.[0-9]+)?"))
        .map(BigDecimal::new);
  }
}
