package dev.dovetable.core.internal.payload;

import java.math.BigDecimal;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What PostgreSQL can hold. Neither its text nor its jsonb has the character NUL or half of a
 * surrogate pair, which JSON can say by escapes; and jsonb's numbers are bounded.
 */
public final class Storable {

  private static final char REPLACEMENT = '\ufffd';

  /** Far below the bounds of numeric, and above what anybody sends. */
  private static final int MAX_EXPONENT = 1000;

  private Storable() {}

  /** The text with U+FFFD for what can't be stored; the text itself if there is nothing. */
  static String text(String text) {
    StringBuilder copy = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        copy = copy == null ? new StringBuilder(text) : copy;
        copy.setCharAt(i, REPLACEMENT);
      }
    }
    return copy == null ? text : copy.toString();
  }

  /** The tree with all names, texts and numbers storable; the tree itself if they are. */
  static JsonNode json(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object(object);
    }
    if (node instanceof ArrayNode array) {
      return array(array);
    }
    if (node.isString()) {
      String text = text(node.stringValue());
      return text.equals(node.stringValue()) ? node : JsonNodeFactory.instance.stringNode(text);
    }
    if (node.isBigDecimal() && !isBounded(node.decimalValue())) {
      return JsonNodeFactory.instance.stringNode(node.asString());
    }
    return node;
  }

  private static JsonNode object(ObjectNode object) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    boolean same = true;
    for (Map.Entry<String, JsonNode> property : object.properties()) {
      String name = text(property.getKey());
      JsonNode value = json(property.getValue());
      same &= value == property.getValue() && name.equals(property.getKey());
      copy.set(name, value);
    }
    return same ? object : copy;
  }

  private static JsonNode array(ArrayNode array) {
    ArrayNode copy = JsonNodeFactory.instance.arrayNode();
    boolean same = true;
    for (JsonNode element : array.values()) {
      JsonNode value = json(element);
      same &= value == element;
      copy.add(value);
    }
    return same ? array : copy;
  }

  private static boolean isBounded(BigDecimal number) {
    return Math.abs((long) number.precision() - number.scale()) <= MAX_EXPONENT
        && Math.abs((long) number.scale()) <= MAX_EXPONENT;
  }
}
