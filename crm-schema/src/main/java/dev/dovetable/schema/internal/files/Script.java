package dev.dovetable.schema.internal.files;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file of the schema.
 *
 * @param path its place below {@code crm/database}
 * @param text what it holds, with LF line endings
 * @param checksum SHA-256 of the text
 */
public record Script(String path, String text, String checksum) {
  private static final String BEGIN = "begin;\n";
  private static final String COMMIT = "\ncommit;\n";

  public static Script load(String path) {
    return of(path, Resources.read(path));
  }

  public static Script of(String path, String text) {
    String normalised = Resources.normalised(text);
    return new Script(path, normalised, sha256(normalised));
  }

  /**
   * {@code 001_create_whatsapp_configuration} for {@code
   * migrations/001_create_whatsapp_configuration.sql}.
   */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1, path.length() - ".sql".length());
  }

  public String description() {
    return name().replaceFirst("^[0-9]+_", "").replace('_', ' ');
  }

  /** What it does, for a transaction that somebody else ends: all but its first and last line. */
  public String statements() {
    if (!text.startsWith(BEGIN) || !text.endsWith(COMMIT)) {
      throw new IllegalStateException(path + " is not one transaction");
    }
    return text.substring(BEGIN.length(), text.length() - COMMIT.length() + 1);
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
