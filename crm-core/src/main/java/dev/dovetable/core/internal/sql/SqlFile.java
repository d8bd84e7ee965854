package dev.dovetable.core.internal.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** SQL kept in files beside this class. */
public final class SqlFile {
  private static final String ROOT = "/dev/dovetable/core/";

  private SqlFile() {}

  /** The text without its comments. */
  public static String text(String name) {
    try (InputStream file = SqlFile.class.getResourceAsStream(ROOT + name)) {
      if (file == null) {
        throw new IllegalStateException(name + " is missing beside " + SqlFile.class.getName());
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("--"))
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
