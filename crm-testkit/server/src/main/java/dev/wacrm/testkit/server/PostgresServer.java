package dev.wacrm.testkit.server;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TimeZone;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL server for tests, from one of three sources: a container, binaries on the class
 * path, or a server that is there already.
 *
 * <p>Which one is decided by the first of these that says so: the {@link #builder()}, the system
 * properties {@code crm.testkit.source}, {@code .url}, {@code .user}, {@code .password}, {@code
 * .version}, {@code .image} and {@code .directory} (where an embedded server's data go), the
 * environment ({@code CRM_TESTKIT_SOURCE} and so on), and the same names in a file {@code
 * crm-testkit.properties} on the class path. Where none does, it is a container if a Docker engine
 * answers and has the images that are needed, else binaries: nothing is ever pulled unasked, and
 * the decision takes less than three seconds. A line in the log says what was chosen and why.
 *
 * <p>Servers started here listen on this machine only, trust everybody there, and don't flush to
 * disk (fsync off). They end with the JVM; what a killed JVM left behind is removed when the next
 * one starts a server. Thread-safe.
 */
public final class PostgresServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PostgresServer.class);
  private static final int PASSWORD_BYTES = 16;

  /** Where a server comes from. */
  public enum Source {
    /** A container of Docker, started by Testcontainers; its data are in memory. */
    TESTCONTAINERS,
    /** Binaries on the class path: no installation, no Docker. */
    EMBEDDED,
    /**
     * A server that is there already, given by its URL, where the user may create databases (and
     * roles, for {@link PostgresDatabase#createLogin}). Other databases and roles are not touched.
     */
    EXTERNAL
  }

  private final Backend backend;
  private final String timeZone;
  private final Admin admin;
  private final Databases databases;
  private final int version;

  /** Of the roles made on a server where one is needed. */
  private final Map<String, String> passwords = new ConcurrentHashMap<>();

  private PostgresServer(Backend backend, String timeZone) {
    this.backend = backend;
    this.timeZone = timeZone;
    this.admin = new Admin(administratorOf(backend.isForeign() ? "" : "postgres"));
    this.version =
        Integer.parseInt(
            admin.queryString("select current_setting('server_version_num')::int / 10000"));
    this.databases = new Databases(this, backend, admin);
  }

  /** Failure is kept too: each test that needs the server reports it, none waits again. */
  private static final class Shared {
    private static @Nullable PostgresServer server;
    private static @Nullable PostgresServerException failure;

    static synchronized PostgresServer get() {
      if (failure != null) {
        throw failure;
      }
      if (server == null) {
        try {
          server = builder().start();
        } catch (PostgresServerException e) {
          failure = e;
          throw e;
        }
      }
      return server;
    }
  }

  /**
   * The server of this JVM: started at the first call, stopped and removed when the JVM exits.
   *
   * @return the same server at each call; don't close it
   * @throws PostgresServerException if there can be none here; the message says what helps
   */
  public static PostgresServer shared() {
    return Shared.get();
  }

  /**
   * Starts building a server of one's own: another source or version, other settings, a fixed port,
   * data that stays.
   *
   * @return a builder with the settings of {@link #shared()}
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Creates an empty database.
   *
   * @return a database that the caller closes
   */
  public PostgresDatabase createDatabase() {
    return create(Flavor.PLAIN, null);
  }

  /**
   * Creates a database that nothing is installed in.
   *
   * @param flavor what it looks like
   * @return a database that the caller closes
   * @throws PostgresServerException if the server doesn't allow this flavor
   */
  public PostgresDatabase createDatabase(Flavor flavor) {
    return create(requireNonNull(flavor, "flavor"), null);
  }

  /**
   * Creates a database as the given preparer leaves it. The preparer runs at the first call with
   * its class; this and every later call clone what it made, and the next clone is kept ready in
   * the background.
   *
   * @param preparer the class of the preparer
   * @return a database that the caller closes
   * @throws PostgresServerException if the preparer fails
   */
  public PostgresDatabase createDatabase(Class<? extends DatabasePreparer> preparer) {
    return createDatabase(Flavor.PLAIN, preparer);
  }

  /**
   * Creates a database of some flavor as the given preparer leaves it; otherwise like {@link
   * #createDatabase(Class)}.
   *
   * @param flavor what the database looks like before the preparer runs
   * @param preparer the class of the preparer
   * @return a database that the caller closes
   * @throws PostgresServerException if the preparer fails or the server doesn't allow this flavor
   */
  public PostgresDatabase createDatabase(
      Flavor flavor, Class<? extends DatabasePreparer> preparer) {
    return createDatabase(flavor, new PreparerClass(requireNonNull(preparer, "preparer")));
  }

  /**
   * Creates a database as the given preparer leaves it. An equal one is run only once: this and
   * every later call clone what it made; otherwise like {@link #createDatabase(Class)}.
   *
   * @param flavor what the database looks like before the preparer runs
   * @param preparer fills the template; its {@code equals} tells templates apart
   * @return a database that the caller closes
   * @throws PostgresServerException if the preparer fails or the server doesn't allow this flavor
   */
  public PostgresDatabase createDatabase(Flavor flavor, DatabasePreparer preparer) {
    return create(requireNonNull(flavor, "flavor"), requireNonNull(preparer, "preparer"));
  }

  private PostgresDatabase create(Flavor flavor, @Nullable DatabasePreparer preparer) {
    if (flavor.hasOwner() && backend.isForeign()) {
      throw new PostgresServerException(
          "The flavor %s makes and changes roles of the whole server, so it needs the source testcontainers or embedded, not %s."
              .formatted(flavor, address()));
    }
    return new PostgresDatabase(this, databases.create(flavor, preparer), flavor);
  }

  /**
   * Where the server comes from.
   *
   * @return the source
   */
  public Source source() {
    return backend.source();
  }

  /**
   * The server's major version.
   *
   * @return such as 18
   */
  public int version() {
    return version;
  }

  /**
   * The host that the server listens on.
   *
   * @return a name or an address
   */
  public String host() {
    return address().getServerNames()[0];
  }

  /**
   * The port that the server listens on.
   *
   * @return a TCP port
   */
  public int port() {
    return address().getPortNumbers()[0];
  }

  /**
   * The time zone of every session that the test kit opens. It differs from the JVM's, so that code
   * which confuses the two is found out.
   *
   * @return the name of a zone
   */
  public String timeZone() {
    return timeZone;
  }

  /**
   * The role that makes databases and roles on this server: a superuser without a password, or on
   * an external server the user given.
   *
   * @return the name of a role
   */
  public String administrator() {
    return backend.administrator();
  }

  /**
   * The shell command that stops a kept server.
   *
   * @return a command line for a POSIX shell
   * @throws IllegalStateException if the server isn't an embedded one
   */
  public String stopCommand() {
    return backend.stopCommand();
  }

  /**
   * Stops the server and removes its files; a kept one goes on, and on an external one the
   * databases made here are dropped. Again: does nothing more.
   */
  @Override
  public void close() {
    databases.close();
    // Those of databases that nobody closed; elsewhere they end with the server.
    passwords.keySet().forEach(this::dropLogin);
    backend.close();
  }

  DataSource administratorOf(String database) {
    return dataSource(administrator(), database);
  }

  SessionZoneDataSource dataSource(String role, String database) {
    SessionZoneDataSource dataSource = new SessionZoneDataSource(timeZone);
    backend.address(dataSource, database, role);
    String password = passwords.get(role);
    if (password != null) {
      dataSource.setPassword(password);
    }
    return dataSource;
  }

  private SessionZoneDataSource address() {
    return dataSource(administrator(), "");
  }

  Admin admin() {
    return admin;
  }

  void createLogin(String role) {
    if (!backend.isForeign()) {
      admin.execute("create role %I login", role);
      return;
    }
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    admin.execute("create role %I login password %L", role, password);
    passwords.put(role, password);
  }

  void dropLogin(String role) {
    admin.dropRole(role);
    passwords.remove(role);
  }

  void drop(String database) {
    databases.drop(database);
  }

  /** What server to take, and its settings. Not thread-safe. */
  public static final class Builder {

    private final Map<String, String> chosen = new HashMap<>();
    private final Map<String, String> settings = new LinkedHashMap<>();
    private boolean configured;
    private @Nullable Path dataDirectory;
    private int port;

    private Builder() {
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
    public Builder source(Source source) {
      chosen.put(Settings.SOURCE, Choice.name(source));
      return this;
    }

    /**
     * Takes this major version of PostgreSQL: for {@link Source#EMBEDDED} its binaries have to be
     * on the class path, an external server has to be of it.
     *
     * @param version from 14 to 18
     * @return this builder
     */
    public Builder version(int version) {
      chosen.put(Settings.VERSION, Integer.toString(version));
      return this;
    }

    /**
     * Takes this image for {@link Source#TESTCONTAINERS}.
     *
     * @param image the name of an image that behaves like the official one, such as {@code
     *     registry.example/postgres:17}
     * @return this builder
     */
    public Builder image(String image) {
      chosen.put(Settings.IMAGE, requireNonNull(image, "image"));
      return this;
    }

    /**
     * Takes the server at this address, {@link Source#EXTERNAL}.
     *
     * @param url the address for JDBC; its database is where other databases are made from
     * @param user who may create databases
     * @param password the user's password, empty if none is needed
     * @return this builder
     */
    public Builder external(String url, String user, String password) {
      chosen.put(Settings.URL, requireNonNull(url, "url"));
      chosen.put(Settings.USER, requireNonNull(user, "user"));
      chosen.put(Settings.PASSWORD, requireNonNull(password, "password"));
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
    public Builder setting(String name, String value) {
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
    public Builder port(int port) {
      if (port < 1 || port > 65535) {
        throw new IllegalArgumentException("port must be from 1 to 65535, not " + port);
      }
      this.port = port;
      this.configured = true;
      return this;
    }

    /**
     * Leaves the server running when it is closed and when the JVM exits, its data in a directory
     * of the caller's. This takes {@link Source#EMBEDDED}.
     *
     * @param dataDirectory where the data go; initialised if it is missing or empty, otherwise used
     *     as it is
     * @return this builder
     */
    public Builder keep(Path dataDirectory) {
      this.dataDirectory = requireNonNull(dataDirectory, "dataDirectory").toAbsolutePath();
      return source(Source.EMBEDDED);
    }

    /**
     * Starts the server, or connects to it. Embedded, that takes two seconds the first time on a
     * machine, less than one later.
     *
     * @return the running server; it is stopped when the JVM exits at the latest, unless kept
     * @throws PostgresServerException if there can be none here; the message has PostgreSQL's
     *     output or says which setting is wrong and who made it
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
            new PostgresServer(
                backend, Optional.ofNullable(settings.get("timezone")).orElse("UTC"));
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
      return TimeZone.getDefault().hasSameRules(TimeZone.getTimeZone(zone))
          ? "Asia/Kathmandu"
          : zone;
    }
  }
}
