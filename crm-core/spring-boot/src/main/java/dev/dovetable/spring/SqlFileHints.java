package dev.dovetable.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** The SQL that the library reads from the class path has to be in a native image, too. */
final class SqlFileHints implements RuntimeHintsRegistrar {

  @Override
  public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
    hints
        .resources()
        .registerPattern("crm/**")
        .registerPattern("dev/dovetable/core/**/*.sql")
        .registerPattern("dev/dovetable/schema/**/*.sql");
  }
}
