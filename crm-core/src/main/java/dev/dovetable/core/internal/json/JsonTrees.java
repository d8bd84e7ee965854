package dev.dovetable.core.internal.json;

import java.io.StringWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.POJONode;
import tools.jackson.databind.util.RawValue;

/**
 * JSON as trees, without an ObjectMapper: that class can't be loaded beside the annotations of
 * Jackson 2.20 and older, whose version a host's bill of materials decides. Immutable and
 * thread-safe.
 */
public final class JsonTrees {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final JsonFactory factory;
  private final boolean uniqueNames;

  /**
   * Trees as this factory reads and writes them.
   *
   * @param factory whose constraints bound the depth of a tree
   * @param uniqueNames whether a name that an object has twice is an error; else the last counts
   */
  public JsonTrees(JsonFactory factory, boolean uniqueNames) {
    this.factory = factory;
    this.uniqueNames = uniqueNames;
  }

  /** A parser for {@link #read(JsonParser)}. */
  public JsonParser parser(String json) {
    return factory.createParser(ObjectReadContext.empty(), json);
  }

  /**
   * The first value in a text.
   *
   * @return a missing node if there is none
   * @throws JacksonException if that value isn't JSON
   */
  public JsonNode read(String json) {
    try (JsonParser parser = parser(json)) {
      return parser.nextToken() == null ? NODES.missingNode() : read(parser);
    }
  }

  /**
   * The value that begins with the parser's current token.
   *
   * @throws JacksonException if it isn't JSON
   */
  public JsonNode read(JsonParser parser) {
    @Nullable JsonToken token = parser.currentToken();
    if (token == null) {
      throw new StreamReadException(parser, "There is no value");
    }
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> NODES.stringNode(parser.getString());
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDecimalValue());
      case VALUE_TRUE, VALUE_FALSE -> NODES.booleanNode(token == JsonToken.VALUE_TRUE);
      case VALUE_NULL -> NODES.nullNode();
      default -> throw new StreamReadException(parser, "No value begins with " + token);
    };
  }

  private JsonNode object(JsonParser parser) {
    ObjectNode object = NODES.objectNode();
    for (@Nullable String name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      @Nullable JsonNode earlier = object.replace(name, read(parser));
      if (earlier != null && uniqueNames) {
        throw new StreamReadException(parser, "An object has a name twice");
      }
    }
    return object;
  }

  private JsonNode array(JsonParser parser) {
    ArrayNode array = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(read(parser));
    }
    return array;
  }

  private static JsonNode integer(JsonParser parser) {
    return switch (parser.getNumberType()) {
      case INT -> NODES.numberNode(parser.getIntValue());
      case LONG -> NODES.numberNode(parser.getLongValue());
      default -> NODES.numberNode(parser.getBigIntegerValue());
    };
  }

  /** The tree as JSON. */
  public String write(JsonNode tree) {
    StringWriter json = new StringWriter();
    try (JsonGenerator generator = factory.createGenerator(ObjectWriteContext.empty(), json)) {
      write(tree, generator);
    }
    return json.toString();
  }

  private static void write(JsonNode node, JsonGenerator generator) {
    switch (node.getNodeType()) {
      case OBJECT -> {
        generator.writeStartObject();
        for (Map.Entry<String, JsonNode> property : node.properties()) {
          generator.writeName(property.getKey());
          write(property.getValue(), generator);
        }
        generator.writeEndObject();
      }
      case ARRAY -> {
        generator.writeStartArray();
        for (JsonNode element : node.values()) {
          write(element, generator);
        }
        generator.writeEndArray();
      }
      case STRING -> generator.writeString(node.stringValue());
      case NUMBER -> generator.writeNumber(node.asString());
      case BOOLEAN -> generator.writeBoolean(node.booleanValue());
      case NULL -> generator.writeNull();
      case POJO -> generator.writeRawValue(raw((POJONode) node));
      default -> throw new IllegalArgumentException("Not JSON: " + node.getNodeType());
    }
  }

  private static String raw(POJONode node) {
    if (node.getPojo() instanceof RawValue raw) {
      return String.valueOf(raw.rawValue());
    }
    throw new IllegalArgumentException("Not JSON: an object of Java's");
  }
}
