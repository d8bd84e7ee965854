package dev.dovetable.schema.archive;

import dev.dovetable.schema.archive.Json.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What an archive says last: how many rows and bytes there are, and their hashes. Immutable. */
record Sums(String manifest, List<ArchivedTable> tables) {
  static final String ENTRY = "checksums.json";

  byte[] write() {
    StringBuilder text = new StringBuilder("{\"manifest\": \"" + manifest + "\", \"tables\": [");
    String separator = "\n";
    for (ArchivedTable table : tables) {
      text.append(separator)
          .append(
              "{\"name\": \"%s\", \"rows\": %d, \"bytes\": %d, \"sha256\": \"%s\"}"
                  .formatted(table.name(), table.rows(), table.bytes(), table.sha256()));
      separator = ",\n";
    }
    return text.append("]}\n").toString().getBytes(StandardCharsets.US_ASCII);
  }

  static Sums read(byte[] bytes) throws Malformed {
    Json json = Json.parse(new String(bytes, StandardCharsets.UTF_8));
    List<ArchivedTable> tables = new ArrayList<>();
    for (Json one : json.list("tables")) {
      tables.add(
          new ArchivedTable(
              one.text("name"), one.number("rows"), one.number("bytes"), one.text("sha256")));
    }
    return new Sums(json.text("manifest"), List.copyOf(tables));
  }
}
