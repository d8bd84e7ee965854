package dev.dovetable.schema.internal.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reads the library's own files from the class path. */
public final class Resources {
  private static final String ROOT = "/crm/database/";

  private Resources() {}

  /**
   * The text of a file, by its path below {@code crm/database}, with LF line endings whatever the
   * checkout or jar has.
   */
  public static String read(String path) {
    try (InputStream in = Resources.class.getResourceAsStream(ROOT + path)) {
      if (in == null) {
        throw new IllegalStateException(
            "The jar of crm-schema is incomplete: it holds no file " + ROOT + path);
      }
      return normalised(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + ROOT + path + " from the class path", e);
    }
  }

  static String normalised(String text) {
    return text.replace("\r\n", "\n").replace('\r', '\n');
  }
}
