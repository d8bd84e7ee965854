package dev.dovetable.schema.migration;

import dev.dovetable.schema.internal.files.Script;
import java.util.List;

/** An extension whose file a test writes out, for tests in other packages. */
public final class WrittenExtension {

  private WrittenExtension() {}

  public static AgentExtension of(String name, String sql) {
    return AgentExtension.of(name, List.of(Script.of("db/001_x.sql", sql)));
  }
}
