package dev.dovetable.schema.internal.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reads the library's own files from the class path, with LF line endings. */
public final class Resources {
  private static final String ROOT = "/crm/database/";

  private Resources() {}

  /** The text of a file of crm-schema, by its path below {@code crm/database}. */
  public static String read(String path) {
    return read(Resources.class, ROOT + path);
  }

  /**
   * The text of a file.
   *
   * @param owner a class of the same jar
   * @param name the file's name beside that class, or its path from the root after a slash
   */
  public static String read(Class<?> owner, String name) {
    try (InputStream in = owner.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            "The jar of " + owner.getName() + " is incomplete: it holds no file " + name);
      }
      return normalised(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + name + " from the class path", e);
    }
  }

  static String normalised(String text) {
    return text.replace("\r\n", "\n").replace('\r', '\n');
  }
}
