package dev.dovetable.core.internal.payload;

import static dev.dovetable.core.internal.payload.JsonFields.text;
import static dev.dovetable.core.internal.payload.MessageText.join;
import static dev.dovetable.core.internal.payload.MessageText.label;

import dev.dovetable.core.internal.json.JsonTrees;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What a person reads of forms, orders, payments, polls and addresses. Thread-safe. */
final class StructuredText {

  /** Of addresses, what people look for first, in the order in which they would write it. */
  private static final List<String> ADDRESS =
      List.of(
          "name",
          "address",
          "house_number",
          "floor_number",
          "tower_number",
          "building_name",
          "landmark_area",
          "city",
          "state",
          "in_pin_code",
          "sg_post_code",
          "zip_code",
          "phone_number");

  /** Beyond these, a product of numbers would be as long as its exponents say. */
  private static final int MAX_DIGITS = 30;

  private final JsonTrees trees;

  StructuredText(JsonTrees trees) {
    this.trees = trees;
  }

  /** A reply to a form, to a request for an address or to one for a payment. */
  String form(JsonNode reply) {
    String name = text(reply, "name").orElse("");
    JsonNode answers = text(reply, "response_json").map(this::json).orElseGet(this::nothing);
    if (name.equals("address_message")) {
      return label("address", oneLine(text(reply, "body")).or(() -> addressOf(answers)));
    }
    String label =
        name.startsWith("payment")
            ? label("payment", Optional.empty())
            : label("form", Optional.of(name));
    return join(": ", Optional.of(label), answers(answers, "").filter(all -> !all.isBlank()));
  }

  private JsonNode nothing() {
    return JsonNodeFactory.instance.missingNode();
  }

  private JsonNode json(String json) {
    try {
      return TolerantParser.read(trees, json);
    } catch (JacksonException e) {
      return nothing();
    }
  }

  private static Optional<String> oneLine(Optional<String> text) {
    return text.map(lines -> String.join(", ", lines.strip().split("\\s*,?\\s*\\R\\s*")));
  }

  /** The answers by their names; those in an object have its name in front of theirs. */
  private static Optional<String> answers(JsonNode form, String prefix) {
    List<String> answers = new ArrayList<>();
    for (Map.Entry<String, JsonNode> answer : form.properties()) {
      String name = prefix + answer.getKey();
      if (answer.getValue().isObject()) {
        answers(answer.getValue(), name + ".").ifPresent(answers::add);
      } else if (!name.equals("flow_token")) {
        answer(answer.getValue()).ifPresent(value -> answers.add(name + " = " + value));
      }
    }
    return Optional.of(String.join(", ", answers)).filter(all -> !all.isBlank());
  }

  private static Optional<String> answer(JsonNode value) {
    if (!value.isArray()) {
      return value.isBoolean() ? Optional.of(value.asString()) : JsonFields.scalar(value);
    }
    List<String> chosen =
        value.values().stream().map(JsonFields::scalar).flatMap(Optional::stream).toList();
    return Optional.of(String.join(" and ", chosen)).filter(all -> !all.isBlank());
  }

  static String address(JsonNode content) {
    return label("address", addressOf(content).or(() -> MessageText.usual(content)));
  }

  private static Optional<String> addressOf(JsonNode content) {
    JsonNode values = content.path("values").isObject() ? content.path("values") : content;
    List<String> parts =
        ADDRESS.stream().map(field -> text(values, field)).flatMap(Optional::stream).toList();
    return Optional.of(String.join(", ", parts)).filter(all -> !all.isBlank());
  }

  /** What was put into the basket, with prices and what they come to. */
  static String order(JsonNode content) {
    List<String> lines = new ArrayList<>();
    Map<String, BigDecimal> totals = new TreeMap<>();
    boolean allPriced = true;
    for (JsonNode item : content.path("product_items").values()) {
      String quantity = text(item, "quantity").orElse("1");
      Optional<String> currency = text(item, "currency");
      Optional<String> price =
          text(item, "item_price").map(p -> join(" ", Optional.of("at " + p), currency));
      lines.add(
          join(
              " ",
              Optional.of(
                  quantity + " × " + text(item, "product_retailer_id").orElse("unnamed product")),
              price));
      Optional<BigDecimal> sum =
          decimal(Optional.of(quantity))
              .flatMap(n -> decimal(text(item, "item_price")).map(n::multiply));
      allPriced &= sum.isPresent() && currency.isPresent();
      sum.ifPresent(s -> totals.merge(currency.orElse(""), s, BigDecimal::add));
    }
    if (allPriced && totals.size() == 1) {
      totals.forEach(
          (currency, total) -> lines.add("total " + total.toPlainString() + " " + currency));
    }
    String list = label("order", Optional.of(String.join(", ", lines)));
    return join(": ", Optional.of(list), text(content, "text"));
  }

  /** What the business asks to be paid. */
  static String bill(JsonNode parameters, JsonNode content) {
    List<String> lines = new ArrayList<>();
    for (JsonNode item : parameters.path("order").path("items").values()) {
      lines.add(
          text(item, "quantity").orElse("1")
              + " × "
              + text(item, "name").or(() -> text(item, "retailer_id")).orElse("unnamed product"));
    }
    money(parameters.path("total_amount"), text(parameters, "currency"))
        .ifPresent(total -> lines.add("total " + total));
    text(parameters.path("order"), "status").ifPresent(lines::add);
    String list = label("order", Optional.of(String.join(", ", lines)));
    return join(": ", Optional.of(list), text(content.path("body"), "text"));
  }

  static String payment(JsonNode content) {
    return label(
        "payment",
        Optional.of(
            join(
                ", ",
                money(content.path("amount"), text(content, "currency"))
                    .or(() -> text(content, "amount")),
                text(content, "status"),
                text(content, "reference_id"))));
  }

  static String poll(JsonNode content) {
    List<String> options =
        Stream.of("options", "selected_options")
            .flatMap(field -> content.path(field).values().stream())
            .map(MessageText::usual)
            .flatMap(Optional::stream)
            .toList();
    return label(
        "poll",
        Optional.of(
            join(
                " ",
                text(content, "question").or(() -> MessageText.usual(content)),
                Optional.of(options)
                    .filter(all -> !all.isEmpty())
                    .map(all -> "(" + String.join(" / ", all) + ")"))));
  }

  /** Such as 1200 with the offset 100, which is 12. */
  private static Optional<String> money(JsonNode amount, Optional<String> currency) {
    Optional<BigDecimal> offset =
        decimal(text(amount, "offset"))
            .filter(o -> o.signum() > 0)
            .or(() -> Optional.of(BigDecimal.ONE));
    return decimal(text(amount, "value"))
        .flatMap(value -> offset.map(o -> value.divide(o, MathContext.DECIMAL64)))
        .map(sum -> join(" ", Optional.of(sum.toPlainString()), currency));
  }

  private static Optional<BigDecimal> decimal(Optional<String> text) {
    return text.flatMap(JsonFields::decimal)
        .filter(value -> value.precision() <= MAX_DIGITS && Math.abs(value.scale()) <= MAX_DIGITS);
  }
}
