package dev.dovetable.testkit.server;

import dev.dovetable.testkit.server.PostgresServer.Source;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** A server of this machine, started from binaries on the class path. */
final class EmbeddedBackend implements Backend {

  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  /** Zonky's lock file, held while a server's JVM lives. */
  private static final String LOCK = "epg-lock";

  private static final String SUPERUSER = "postgres";

  /** Each finds a free port anew. */
  private static final int ATTEMPTS = 5;

  private final EmbeddedPostgres postgres;
  private final Path data;
  private final Path log;
  private final @Nullable DataDirectories temporary;

  private EmbeddedBackend(
      EmbeddedPostgres postgres, Path data, Path log, @Nullable DataDirectories temporary) {
    this.postgres = postgres;
    this.data = data;
    this.log = log;
    this.temporary = temporary;
  }

  /**
   * Starts a server.
   *
   * @param kept the data directory of a server that outlives this JVM; null for one that doesn't
   * @param port 0 for any free one
   * @param directory where the data of one that isn't kept go, if that was said
   */
  static EmbeddedBackend start(
      OptionalInt version,
      Map<String, String> settings,
      @Nullable Path kept,
      int port,
      Optional<Path> directory) {
    Binaries binaries = Binaries.find(version);
    refuseTaken(port);
    if (kept != null) {
      refuseRunning(kept);
      Path log = kept.resolveSibling(kept.getFileName() + ".log");
      EmbeddedBackend backend = start(binaries, settings, port, kept, log, null);
      backend.requireOwn();
      return backend;
    }
    DataDirectories.all(directory).forEach(DataDirectories::removeLeftBehind);
    DataDirectories home = DataDirectories.choose(directory);
    for (int attempt = 1; ; attempt++) {
      String name = UUID.randomUUID().toString();
      home.mark(name);
      EmbeddedBackend backend =
          start(binaries, settings, port, home.data(name), home.log(name), home);
      if (port != 0 || attempt == ATTEMPTS) {
        backend.requireOwn();
        return backend;
      }
      if (backend.answering().equals(backend.data)) {
        return backend;
      }
      backend.close();
    }
  }

  private static EmbeddedBackend start(
      Binaries binaries,
      Map<String, String> settings,
      int port,
      Path data,
      Path log,
      @Nullable DataDirectories temporary) {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setPgBinaryResolver(binaries)
            .setDataDirectory(data)
            .setCleanDataDirectory(temporary != null)
            .setRegisterShutdownHook(false)
            .setPort(port)
            .setPGStartupWait(START_LIMIT)
            .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()));
    locale(binaries.version()).forEach(builder::setLocaleConfig);
    settings.forEach(builder::setServerConfig);
    try {
      Files.createDirectories(log.getParent());
      Files.deleteIfExists(log);
      return new EmbeddedBackend(builder.start(), data, log, temporary);
    } catch (IOException | RuntimeException | ExceptionInInitializerError e) {
      PostgresServerException failure = StartFailure.explain(read(log), e);
      if (temporary != null) {
        temporary.remove(data.getFileName().toString());
      }
      throw failure;
    }
  }

  /** The operating system's locales differ from machine to machine; PostgreSQL's own don't. */
  private static Map<String, String> locale(int version) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("locale", "C");
    if (version >= 17) {
      options.put("locale-provider", "builtin");
      options.put("builtin-locale", "C.UTF-8");
    } else if (System.getProperty("os.name", "").startsWith("Linux")) {
      // Before 17 there is no such locale but glibc's and musl's, which every Linux has.
      options.put("lc-ctype", "C.UTF-8");
    }
    return options;
  }

  @Override
  public Source source() {
    return Source.EMBEDDED;
  }

  @Override
  public String administrator() {
    return SUPERUSER;
  }

  @Override
  public void address(PGSimpleDataSource dataSource, String database, String role) {
    dataSource.setServerNames(new String[] {"localhost"});
    dataSource.setPortNumbers(new int[] {postgres.getPort()});
    dataSource.setDatabaseName(database);
    dataSource.setUser(role);
  }

  @Override
  public boolean isForeign() {
    return false;
  }

  @Override
  public String stopCommand() {
    return "kill -INT "
        + DataDirectories.postmaster(data)
            .orElseThrow(() -> new PostgresServerException("no server runs on " + data));
  }

  @Override
  public void close() {
    if (temporary == null) {
      // Lets this JVM start a server on the same data again, once the running one was stopped.
      DataDirectories.delete(data.resolve(LOCK));
      return;
    }
    try {
      postgres.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    temporary.remove(data.getFileName().toString());
  }

  /** Between finding a free port and using it, another server may have taken it. */
  private void requireOwn() {
    Path answering = answering();
    if (!answering.equals(data)) {
      close();
      throw new PostgresServerException(
          "Another PostgreSQL (%s) took port %d. Start again."
              .formatted(answering, postgres.getPort()));
    }
  }

  /** The data directory of the server at the port. */
  private Path answering() {
    return Path.of(new Admin(postgres.getPostgresDatabase()).queryString("show data_directory"));
  }

  private static void refuseRunning(Path data) {
    OptionalLong process = DataDirectories.postmaster(data);
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

  private static String read(Path log) {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      return "";
    }
  }
}
