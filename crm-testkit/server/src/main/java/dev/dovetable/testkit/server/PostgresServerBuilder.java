package dev.dovetable.testkit.server;

import static java.util.Objects.requireNonNull;

import dev.dovetable.testkit.server.PostgresServer.Source;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@link PostgresServer} to take, and its settings. Not thread-safe. */
public final class PostgresServerBuilder {

  private static final Logger log = LoggerFactory.getLogger(PostgresServerBuilder.class);

  private final Map<String, String> chosen = new HashMap<>();
  private final Map<String, String> settings = new LinkedHashMap<>();
  private boolean configured;
  private @Nullable Path dataDirectory;
  private int port;

  PostgresServerBuilder() {
    settings.put("timezone", zoneOtherThanTheJvms());
    settings.put("max_connections", "100");
    settings.put("synchronous_commit", "off");
    settings.put("full_page_writes", "off");
    // Data may be in memory, and nobody recovers them.
    settings.put("max_wal_size", "256MB");
  }

  /**
   * Takes the server from this source, whatever else is set.
   *
   * @param source the source
   * @return this builder
   */
  public PostgresServerBuilder source(Source source) {
    chosen.put(Settings.SOURCE, Choice.name(source));
    return this;
  }

  /**
   * Takes this major version of PostgreSQL: for {@link Source#EMBEDDED} its binaries have to be on
   * the class path, an external server has to be of it.
   *
   * @param version from 15 to 18
   * @return this builder
   * @throws IllegalArgumentException if the version is out of bounds
   */
  public PostgresServerBuilder version(int version) {
    if (version < Choice.OLDEST_VERSION || version > Choice.NEWEST_VERSION) {
      throw new IllegalArgumentException(
          "version must be from %d to %d, not %d"
              .formatted(Choice.OLDEST_VERSION, Choice.NEWEST_VERSION, version));
    }
    chosen.put(Settings.VERSION, Integer.toString(version));
    return this;
  }

  /**
   * Takes this image for {@link Source#TESTCONTAINERS}.
   *
   * @param image the name of an image that behaves like the official one, such as {@code
   *     registry.example/postgres:17}
   * @return this builder
   * @throws IllegalArgumentException if no image can have that name
   */
  public PostgresServerBuilder image(String image) {
    if (!Choice.isImage(requireNonNull(image, "image"))) {
      throw new IllegalArgumentException(
          "image must be the name of an image, such as "
              + Choice.DEFAULT_IMAGE
              + ", not '"
              + image
              + "'");
    }
    chosen.put(Settings.IMAGE, image);
    return this;
  }

  /**
   * Takes the server at this address, {@link Source#EXTERNAL}.
   *
   * @param url the address for JDBC; its database is where other databases are made from
   * @param user who may create databases
   * @param password the user's password, empty if none is needed
   * @return this builder
   * @throws IllegalArgumentException if the url is no address of PostgreSQL's driver; the message
   *     doesn't repeat it, because there may be a password in it
   */
  public PostgresServerBuilder external(String url, String user, String password) {
    requireNonNull(url, "url");
    requireNonNull(user, "user");
    requireNonNull(password, "password");
    if (!ExternalBackend.isAddress(url)) {
      throw new IllegalArgumentException(
          "url must be an address of PostgreSQL's driver, such as " + ExternalBackend.EXAMPLE);
    }
    chosen.put(Settings.URL, url);
    chosen.put(Settings.USER, user);
    chosen.put(Settings.PASSWORD, password);
    return source(Source.EXTERNAL);
  }

  /**
   * Sets a parameter of postgresql.conf, such as {@code max_locks_per_transaction}; not on an
   * external server.
   *
   * @param name the parameter
   * @param value its value, with a unit where it takes one
   * @return this builder
   * @throws IllegalArgumentException if either has a character that a shell might change
   */
  public PostgresServerBuilder setting(String name, String value) {
    requireNonNull(name, "name");
    requireNonNull(value, "value");
    // They travel through a shell, unquoted.
    if (!name.matches("[A-Za-z_.]+") || !value.matches("[A-Za-z0-9_./:,+-]+")) {
      throw new IllegalArgumentException(
          "a setting is made of letters, digits and _./:,+- only: " + name + "=" + value);
    }
    settings.put(name.toLowerCase(Locale.ROOT), value);
    configured = true;
    return this;
  }

  /**
   * Listens on a given port instead of any free one; not on an external server.
   *
   * @param port from 1 to 65535
   * @return this builder
   * @throws IllegalArgumentException if the port is out of bounds
   */
  public PostgresServerBuilder port(int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port must be from 1 to 65535, not " + port);
    }
    this.port = port;
    this.configured = true;
    return this;
  }

  /**
   * Leaves the server running when it is closed and when the JVM exits, its data in a directory of
   * the caller's. This takes {@link Source#EMBEDDED}.
   *
   * @param dataDirectory where the data go; initialised if it is missing or empty, otherwise used
   *     as it is
   * @return this builder
   */
  public PostgresServerBuilder keep(Path dataDirectory) {
    this.dataDirectory = requireNonNull(dataDirectory, "dataDirectory").toAbsolutePath();
    return source(Source.EMBEDDED);
  }

  /**
   * Starts the server, or connects to it. Embedded, that takes two seconds the first time on a
   * machine, less than one later.
   *
   * @return the running server; it is stopped when the JVM exits at the latest, unless kept
   * @throws PostgresServerException if there can be none here; the message has PostgreSQL's output
   *     or says which setting is wrong and who made it
   */
  public PostgresServer start() {
    Settings all = Settings.of(chosen);
    Choice choice = Choice.of(all, Sources::probe);
    if (dataDirectory != null && choice.source() != Source.EMBEDDED) {
      throw new IllegalStateException("only an embedded server can be kept");
    }
    if (configured && choice.source() == Source.EXTERNAL) {
      throw new IllegalStateException(
          "settings and port of an external server are not the test kit's to choose");
    }
    Backend backend = Sources.start(choice, all, settings, dataDirectory, port);
    PostgresServer server = connect(backend, choice.version());
    log.info(
        "PostgreSQL {} for tests: {} ({}:{}), because {}",
        server.version(),
        Choice.name(choice.source()),
        server.host(),
        server.port(),
        choice.reason());
    if (dataDirectory == null) {
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "crm-testkit-stop"));
    }
    return server;
  }

  private PostgresServer connect(Backend backend, OptionalInt wanted) {
    try {
      PostgresServer server =
          new PostgresServer(backend, Optional.ofNullable(settings.get("timezone")).orElse("UTC"));
      if (wanted.isPresent() && wanted.getAsInt() != server.version()) {
        throw new PostgresServerException(
            "crm.testkit.version asks for PostgreSQL %d, but the server is a %d."
                .formatted(wanted.getAsInt(), server.version()));
      }
      backend.removeLeftBehind(server.admin());
      return server;
    } catch (PostgresServerException e) {
      backend.close();
      throw e;
    }
  }

  private static String zoneOtherThanTheJvms() {
    String zone = "America/Los_Angeles";
    return TimeZone.getDefault().hasSameRules(TimeZone.getTimeZone(zone)) ? "Asia/Kathmandu" : zone;
  }
}
