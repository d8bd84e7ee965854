package dev.dovetable.core.internal.sql;

import dev.dovetable.schema.internal.files.Resources;
import java.util.stream.Collectors;

/** SQL kept in files, by their paths below the root package. */
public final class SqlFile {
  private static final String ROOT = "/dev/dovetable/core/";

  private SqlFile() {}

  /** The text without its comments. */
  public static String text(String name) {
    return Resources.read(SqlFile.class, ROOT + name)
        .lines()
        .filter(line -> !line.startsWith("--"))
        .collect(Collectors.joining("\n"));
  }
}
