package dev.dovetable.schema.archive;

import dev.dovetable.schema.archive.Json.Malformed;
import dev.dovetable.schema.internal.settings.Names;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an archive says first. Its text is as another database has written it, or somebody else: no
 * word of it becomes SQL.
 *
 * @param text the whole of it
 */
record Manifest(
    String text,
    String prefix,
    long agentId,
    String createdAt,
    Instant takenAt,
    String server,
    long schemaVersion,
    boolean hasSecrets,
    boolean hasMessages,
    List<Version> versions,
    List<Table> tables) {
  static final String ENTRY = "manifest.json";
  static final String MESSAGES = "messages";

  /** More than a thousand members and two thousand numbers take. */
  static final int MAX_BYTES = 4 << 20;

  private static final int FORMAT = 1;
  private static final Pattern SUFFIX = Pattern.compile("[a-z][a-z0-9_]{0,62}");
  private static final Pattern CHECKSUM = Pattern.compile("[0-9a-f]{64}");

  /** A version of an extension that the agent had. */
  record Version(String extension, long version, String checksum) {
    String label() {
      return extension + " " + version;
    }
  }

  /**
   * A table.
   *
   * @param suffix its name without the prefix
   * @param bytes how large it was in its database
   * @param columns name and type of each, in the order of the rows' values
   * @param sequences how far those of its columns had come
   */
  record Table(String suffix, long bytes, List<Column> columns, Map<String, Long> sequences) {
    List<String> labels() {
      return columns.stream().map(Column::label).toList();
    }
  }

  /** A column. */
  record Column(String name, String type) {
    String label() {
      return name + " " + type;
    }
  }

  static Manifest read(byte[] bytes) throws Malformed {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Malformed("it is no UTF-8");
    }
    Json json = Json.parse(text);
    if (json.number("format") != FORMAT) {
      throw new Malformed("its format is " + json.number("format") + ", and this is " + FORMAT);
    }
    String prefix = json.text("prefix");
    if (!Names.isPrefix(prefix)) {
      throw new Malformed("its prefix is none");
    }
    return new Manifest(
        text,
        prefix,
        json.number("agent_id"),
        json.text("created_at"),
        instant(json.text("taken_at")),
        json.text("server"),
        json.number("schema_version"),
        json.bool("secrets"),
        json.bool(MESSAGES),
        versions(json.list("versions")),
        tables(json.list("tables")));
  }

  private static Instant instant(String text) throws Malformed {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new Malformed("a time is none");
    }
  }

  private static List<Version> versions(List<Json> list) throws Malformed {
    List<Version> versions = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Json one : list) {
      Version version =
          new Version(one.text("extension"), one.number("version"), one.text("checksum"));
      if (!SUFFIX.matcher(version.extension()).matches()
          || !CHECKSUM.matcher(version.checksum()).matches()) {
        throw new Malformed("a version of an extension is none");
      }
      if (!seen.add(version.label())) {
        throw new Malformed("version " + version.label() + " stands twice");
      }
      versions.add(version);
    }
    return List.copyOf(versions);
  }

  private static List<Table> tables(List<Json> list) throws Malformed {
    List<Table> tables = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Json one : list) {
      String suffix = one.text("suffix");
      // It becomes the name of an entry, which is compared with this one.
      if (!SUFFIX.matcher(suffix).matches() || !seen.add(suffix)) {
        throw new Malformed("a table's name is none, or stands twice");
      }
      List<Column> columns = new ArrayList<>();
      for (Json column : one.list("columns")) {
        columns.add(new Column(column.text("name"), column.text("type")));
      }
      Map<String, Long> sequences = new LinkedHashMap<>();
      Json positions = one.get("sequences");
      for (String column : positions.keys()) {
        sequences.put(column, positions.number(column));
      }
      long bytes = Math.max(0, one.number("bytes"));
      tables.add(new Table(suffix, bytes, List.copyOf(columns), Map.copyOf(sequences)));
    }
    return List.copyOf(tables);
  }

  /** The name of the entry with a table's rows. */
  static String entryOf(String suffix) {
    return "data/" + suffix + ".copy";
  }
}
