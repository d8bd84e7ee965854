package dev.dovetable.testkit.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The statements of the kit, which are in files beside this class. Thread-safe. */
public final class Sql {
  private static final Map<String, String> TEXTS = new ConcurrentHashMap<>();

  private Sql() {}

  /** Without comment lines: jOOQ would look for parameters in them. */
  public static String text(String file) {
    return TEXTS.computeIfAbsent(file, Sql::load);
  }

  private static String load(String file) {
    try (InputStream in = Sql.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing beside " + Sql.class.getName());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("--"))
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
