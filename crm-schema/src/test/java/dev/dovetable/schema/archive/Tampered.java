package dev.dovetable.schema.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** An archive that is taken apart, changed, and put together with checksums that fit. */
final class Tampered {
  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  private Tampered(byte[] archive) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    }
  }

  private Tampered() {}

  static Tampered empty() {
    return new Tampered();
  }

  Tampered put(String entry, byte[] bytes) {
    entries.put(entry, bytes);
    return this;
  }

  Map<String, byte[]> entries() {
    return Map.copyOf(entries);
  }

  static Tampered of(byte[] archive) throws IOException {
    return new Tampered(archive);
  }

  Tampered change(String entry, UnaryOperator<String> change) {
    String before = new String(entries.get(entry), StandardCharsets.UTF_8);
    String after = change.apply(before);
    if (after.equals(before)) {
      throw new IllegalArgumentException("nothing is changed in " + entry);
    }
    entries.put(entry, after.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  Tampered manifest(String text, String by) {
    return change(Manifest.ENTRY, manifest -> manifest.replace(text, by));
  }

  Tampered rename(String entry, String name) {
    Map<String, byte[]> renamed = new LinkedHashMap<>();
    entries.forEach((key, value) -> renamed.put(key.equals(entry) ? name : key, value));
    entries.clear();
    entries.putAll(renamed);
    return this;
  }

  Tampered remove(String entry) {
    entries.remove(entry);
    return this;
  }

  Tampered add(String entry, String text) {
    byte[] sums = entries.remove(Sums.ENTRY);
    entries.put(entry, text.getBytes(StandardCharsets.UTF_8));
    entries.put(Sums.ENTRY, sums);
    return this;
  }

  /** Checksums as somebody would compute them who knows how. */
  byte[] withChecksums() throws IOException {
    List<ArchivedTable> tables = new ArrayList<>();
    entries.forEach(
        (name, bytes) -> {
          if (name.startsWith("data/")) {
            long rows =
                new String(bytes, StandardCharsets.UTF_8).chars().filter(c -> c == '\n').count();
            tables.add(
                new ArchivedTable(
                    name.replaceAll("^data/|\\.copy$", ""),
                    rows,
                    bytes.length,
                    Signatures.sha256(bytes)));
          }
        });
    entries.put(
        Sums.ENTRY, new Sums(Signatures.sha256(entries.get(Manifest.ENTRY)), tables).write());
    return asIs();
  }

  byte[] asIs() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return out.toByteArray();
  }
}
