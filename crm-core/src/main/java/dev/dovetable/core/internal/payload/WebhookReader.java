package dev.dovetable.core.internal.payload;

import dev.dovetable.core.internal.json.JsonTrees;
import dev.dovetable.core.internal.payload.UnreadableBodyException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the bodies of requests to the webhook. Strict in what JSON is and how large it may get;
 * tolerant of everything else, because the provider adds fields and kinds without notice, and what
 * it tells can't be asked for again. Immutable and thread-safe.
 */
public final class WebhookReader {

  /** A property of ours, in entries that are kept. */
  private static final String PLACE = "place";

  /** Bounds the memory of a tree; 3 MiB of messages have a third of it. */
  private static final int MAX_TOKENS = 500_000;

  private final int maxBytes;
  private final JsonTrees trees;
  private final MessageReader messageReader;
  private final StatusReader statusReader;

  /** A reader that refuses bodies of more bytes. */
  public WebhookReader(int maxBytes) {
    this.maxBytes = maxBytes;
    this.trees = trees(maxBytes);
    this.messageReader = new MessageReader(trees);
    this.statusReader = new StatusReader(trees);
  }

  private static JsonTrees trees(int maxBytes) {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(maxBytes) // TolerantParser has bounds of its own
            .maxNumberLength(maxBytes)
            .maxNameLength(maxBytes)
            .maxStringLength(maxBytes)
            .maxDocumentLength(maxBytes)
            .maxTokenCount(MAX_TOKENS)
            .build();
    return new JsonTrees(JsonFactory.builder().streamReadConstraints(constraints).build(), true);
  }

  /**
   * Reads a body. What follows a complete JSON value is read as another one; if it can't be, it
   * becomes a change of its own that is not complete.
   *
   * @throws UnreadableBodyException if there is nothing to take from it
   */
  public WebhookBody read(byte[] body) throws UnreadableBodyException {
    if (body.length > maxBytes) {
      throw new UnreadableBodyException(
          Reason.TOO_LARGE, ": %d bytes of at most %d".formatted(body.length, maxBytes));
    }
    Reading read = new Reading();
    boolean hasChanges = readRoots(decode(body), read);
    if (!hasChanges) {
      throw new UnreadableBodyException(Reason.NO_CHANGE, "");
    }
    return new WebhookBody(read.changes);
  }

  /** What was read of one body. */
  private static final class Reading {
    private final List<WebhookChange> changes = new ArrayList<>();

    /** Of the next message, status or the like. */
    private int place;

    private void add(WebhookChange change) {
      changes.add(change);
    }
  }

  private static String decode(byte[] body) throws UnreadableBodyException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new UnreadableBodyException(Reason.NOT_UTF8, "");
    }
  }

  /** Whether any of the values holds changes. */
  private boolean readRoots(String text, Reading read) throws UnreadableBodyException {
    boolean hasChanges = false;
    int end = 0;
    try (JsonParser parser = new TolerantParser(trees.parser(text), text)) {
      while (parser.nextToken() != null) {
        hasChanges |= readRoot(trees.read(parser), read);
        end = Math.toIntExact(parser.currentLocation().getCharOffset());
      }
    } catch (JacksonException e) {
      if (!hasChanges) {
        throw unreadable(e);
      }
      read.add(unread(JsonNodeFactory.instance.stringNode(text.substring(end))));
    }
    return hasChanges;
  }

  /** Jackson's own message may quote the body. */
  private static UnreadableBodyException unreadable(JacksonException e) {
    TokenStreamLocation where = e.getLocation();
    String position =
        where == null
            ? ""
            : ": line %d, column %d".formatted(where.getLineNr(), where.getColumnNr());
    return new UnreadableBodyException(
        e instanceof StreamConstraintsException ? Reason.BEYOND_LIMITS : Reason.NOT_JSON, position);
  }

  private boolean readRoot(JsonNode root, Reading read) {
    JsonNode entries = root.path("entry");
    if (!entries.isArray() || entries.isEmpty()) {
      read.add(unread(root));
      return false;
    }
    for (JsonNode entry : entries.values()) {
      readEntry(entry, read);
    }
    return true;
  }

  private void readEntry(JsonNode entry, Reading read) {
    Optional<String> accountId = JsonFields.id(entry, "id").map(Storable::text);
    Optional<Instant> time = JsonFields.time(entry, "time");
    JsonNode changes = entry.path("changes");
    if (!changes.isArray() || changes.isEmpty()) {
      read.add(unknown(accountId, write(body(entry))));
      return;
    }
    for (JsonNode change : changes.values()) {
      int first = Math.max(read.place, keptPlace(entry));
      String raw = write(body(alone(change, entry, first)));
      ChangeReader reader = new ChangeReader(trees, messageReader, statusReader, first);
      read.add(reader.read(change, accountId, time, raw));
      read.place = reader.place();
    }
  }

  /** Of a change that was kept by itself: where it stood in the body that it came in. */
  private static int keptPlace(JsonNode entry) {
    JsonNode place = entry.path(PLACE);
    return place.isInt() ? Math.min(Math.max(place.intValue(), 0), MAX_TOKENS) : 0;
  }

  private ObjectNode alone(JsonNode change, JsonNode entry, int place) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    for (String field : List.of("id", "time")) {
      if (entry.has(field)) {
        copy.set(field, entry.get(field));
      }
    }
    if (place > 0) {
      copy.put(PLACE, place);
    }
    copy.putArray("changes").add(change);
    return copy;
  }

  private ObjectNode body(JsonNode entry) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putArray("entry").add(entry);
    return body;
  }

  private WebhookChange unread(JsonNode what) {
    ObjectNode entry = JsonNodeFactory.instance.objectNode();
    entry.set("unread", what);
    return unknown(Optional.empty(), write(body(entry)));
  }

  private static WebhookChange unknown(Optional<String> accountId, String raw) {
    return new WebhookChange(
        Optional.empty(),
        accountId,
        "",
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        false,
        raw);
  }

  /** JSON in which halves of surrogate pairs are escapes, as they came: drivers can't send them. */
  private String write(JsonNode node) {
    String json = trees.write(node);
    if (Storable.text(json).equals(json)) {
      return json;
    }
    StringBuilder escaped = new StringBuilder(json.length() + 16);
    json.codePoints()
        .forEach(
            c -> {
              if (Character.isBmpCodePoint(c) && Character.isSurrogate((char) c)) {
                escaped.append("\\u%04x".formatted(c));
              } else {
                escaped.appendCodePoint(c);
              }
            });
    return escaped.toString();
  }
}
