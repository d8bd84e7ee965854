package dev.dovetable.core.internal.payload;

import dev.dovetable.core.internal.json.JsonTrees;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.util.JsonParserDelegate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Gives what is too deep or too long to be handled as JSON as text, instead of refusing all that
 * stands around it. Not thread-safe.
 */
final class TolerantParser extends JsonParserDelegate {

  private static final int MAX_DEPTH = 100;

  /** Turning digits into a number takes a time that grows with the square of their number. */
  private static final int MAX_NUMBER_LENGTH = 100;

  private final String source;
  private int depth;
  private @Nullable String text;

  /**
   * A parser in front of another one.
   *
   * @param source what the other one reads
   */
  TolerantParser(JsonParser parser, String source) {
    super(parser);
    this.source = source;
  }

  /**
   * The first value in a text.
   *
   * @throws tools.jackson.core.JacksonException if it isn't JSON
   */
  static JsonNode read(JsonTrees trees, String json) {
    try (JsonParser parser = new TolerantParser(trees.parser(json), json)) {
      return parser.nextToken() == null
          ? JsonNodeFactory.instance.missingNode()
          : trees.read(parser);
    }
  }

  @Override
  public @Nullable JsonToken nextToken() {
    text = null;
    return replaced(delegate.nextToken());
  }

  @Override
  public @Nullable JsonToken nextValue() {
    JsonToken token = nextToken();
    return token == JsonToken.PROPERTY_NAME ? nextToken() : token;
  }

  @Override
  public @Nullable String nextName() {
    return nextToken() == JsonToken.PROPERTY_NAME ? currentName() : null;
  }

  private @Nullable JsonToken replaced(@Nullable JsonToken token) {
    if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
      text = delegate.getStringLength() > MAX_NUMBER_LENGTH ? delegate.getString() : null;
    } else if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
      if (depth == MAX_DEPTH) {
        int start = Math.toIntExact(delegate.currentTokenLocation().getCharOffset());
        delegate.skipChildren();
        int end = Math.toIntExact(delegate.currentLocation().getCharOffset());
        text = source.substring(start, end);
      } else {
        depth++;
      }
    } else if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
      depth--;
    }
    return text == null ? token : JsonToken.VALUE_STRING;
  }

  @Override
  public @Nullable JsonToken currentToken() {
    return text == null ? delegate.currentToken() : JsonToken.VALUE_STRING;
  }

  @Override
  public int currentTokenId() {
    return text == null ? delegate.currentTokenId() : JsonToken.VALUE_STRING.id();
  }

  @Override
  public boolean hasToken(JsonToken token) {
    return currentToken() == token;
  }

  @Override
  public boolean hasTokenId(int id) {
    return currentTokenId() == id;
  }

  @Override
  public @Nullable String getString() {
    return text == null ? delegate.getString() : text;
  }
}
