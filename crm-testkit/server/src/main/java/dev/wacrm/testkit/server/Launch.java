package dev.wacrm.testkit.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts the server's processes and keeps their files. */
final class Launch {

  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  /** Zonky's lock file, held while a server's JVM lives. */
  private static final String LOCK = "epg-lock";

  private static final Pattern DATA = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final Duration LEFT_BEHIND = Duration.ofMinutes(10);

  private final EmbeddedPostgres postgres;
  private final Path data;
  private final Path log;

  private Launch(EmbeddedPostgres postgres, Path data, Path log) {
    this.postgres = postgres;
    this.data = data;
    this.log = log;
  }

  /**
   * Starts a server.
   *
   * @param kept the data directory of a server that outlives this JVM; null for one that doesn't
   * @param port 0 for any free one
   */
  static Launch start(Map<String, String> settings, @Nullable Path kept, int port) {
    // In its own directory zonky stops and removes servers that a killed JVM left behind.
    Path home = Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg");
    Path data = kept == null ? home.resolve(UUID.randomUUID().toString()) : kept;
    Path log = data.resolveSibling(data.getFileName() + ".log");
    refuseRunning(data);
    refuseTaken(port);
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(kept == null)
            .setRegisterShutdownHook(false)
            .setPort(port)
            .setPGStartupWait(START_LIMIT)
            // The operating system's locales differ from machine to machine; PostgreSQL's not.
            .setLocaleConfig("locale", "C")
            .setLocaleConfig("locale-provider", "builtin")
            .setLocaleConfig("builtin-locale", "C.UTF-8")
            .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()));
    settings.forEach(builder::setServerConfig);
    try {
      Files.createDirectories(log.getParent());
      removeLeftBehind(home);
      Files.deleteIfExists(log);
      return new Launch(builder.start(), data, log);
    } catch (IOException | RuntimeException | ExceptionInInitializerError e) {
      PostgresServerException failure = StartFailure.explain(read(log), e);
      if (kept == null) {
        delete(data);
        delete(log);
      }
      throw failure;
    }
  }

  EmbeddedPostgres postgres() {
    return postgres;
  }

  Path data() {
    return data;
  }

  long processId() {
    return runningProcess(data)
        .orElseThrow(() -> new PostgresServerException("no server runs on " + data));
  }

  void stop() {
    try {
      postgres.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    delete(log);
  }

  /** Lets this JVM start a server on the same data again, once the running one was stopped. */
  void release() {
    delete(data.resolve(LOCK));
  }

  private static void refuseRunning(Path data) {
    OptionalLong process = runningProcess(data);
    if (process.isPresent()) {
      throw new PostgresServerException(
          "A server that was kept runs on %s. Stop it with `kill -INT %d`, or choose another directory."
              .formatted(data, process.getAsLong()));
    }
  }

  private static void refuseTaken(int port) {
    if (port == 0) {
      return;
    }
    try {
      new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
    } catch (IOException e) {
      throw new PostgresServerException(
          "Port %d is taken (%s). Choose another one, or none: a free one is found."
              .formatted(port, e.getMessage()),
          e);
    }
  }

  /** The postmaster's process, if its file is there and the process lives. */
  private static OptionalLong runningProcess(Path data) {
    Path file = data.resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return OptionalLong.empty();
    }
    try {
      List<String> lines = Files.readAllLines(file);
      long process = Long.parseLong(lines.get(0).trim());
      return ProcessHandle.of(process).isPresent()
          ? OptionalLong.of(process)
          : OptionalLong.empty();
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      return OptionalLong.empty();
    }
  }

  /** Removes what zonky doesn't: logs, and data directories of a JVM killed during initdb. */
  private static void removeLeftBehind(Path home) throws IOException {
    if (!Files.isDirectory(home)) {
      return;
    }
    Instant limit = Instant.now().minus(LEFT_BEHIND);
    try (Stream<Path> files = Files.list(home)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        boolean orphan =
            name.endsWith(".log")
                ? !Files.exists(home.resolve(name.substring(0, name.length() - 4)))
                : DATA.matcher(name).matches() && !Files.exists(file.resolve(LOCK));
        if (orphan && Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
          delete(file);
        }
      }
    }
  }

  private static String read(Path log) {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      return "";
    }
  }

  private static void delete(Path root) {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
