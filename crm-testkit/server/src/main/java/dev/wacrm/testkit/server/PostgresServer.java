package dev.wacrm.testkit.server;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.Constructor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server started from binaries on the class path: no installation, no Docker.
 *
 * <p>Thread-safe. It listens on localhost only, trusts everybody there, and doesn't flush to disk
 * (fsync off): data survives a crash of the server, not of the machine. Root works too where Linux
 * lets it drop its rights ({@code unshare -U}), as PostgreSQL refuses to run as root.
 */
public final class PostgresServer implements AutoCloseable {

  private static final String SUPERUSER = "postgres";

  private final Launch launch;
  private final boolean kept;
  private final String timeZone;
  private final Admin admin;
  private final AtomicInteger sequence = new AtomicInteger();
  private final Map<Class<? extends DatabasePreparer>, String> templates =
      new ConcurrentHashMap<>();

  private PostgresServer(Launch launch, boolean kept, String timeZone) {
    this.launch = launch;
    this.kept = kept;
    this.timeZone = timeZone;
    this.admin = new Admin(launch.postgres().getPostgresDatabase());
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
   * @throws PostgresServerException if PostgreSQL can't start here
   */
  public static PostgresServer shared() {
    return Shared.get();
  }

  /**
   * Starts building a server of one's own: other settings, a fixed port, data that stays.
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
    String name = "db_" + sequence.incrementAndGet();
    admin.execute("create database %I", name);
    return new PostgresDatabase(this, name);
  }

  /**
   * Creates a database as the given preparer leaves it. The preparer runs at the first call with
   * its class; this and every later call clone what it made.
   *
   * @param preparer the class of the preparer
   * @return a database that the caller closes
   * @throws PostgresServerException if the preparer fails
   */
  public PostgresDatabase createDatabase(Class<? extends DatabasePreparer> preparer) {
    String template =
        templates.computeIfAbsent(requireNonNull(preparer, "preparer"), this::createTemplate);
    String name = "db_" + sequence.incrementAndGet();
    admin.execute("create database %I template %I", name, template);
    return new PostgresDatabase(this, name);
  }

  /**
   * The port that the server listens on, on localhost.
   *
   * @return a TCP port
   */
  public int port() {
    return launch.postgres().getPort();
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
   * The role that makes databases and roles on this server, a superuser without a password.
   *
   * @return the name of a role
   */
  public String administrator() {
    return SUPERUSER;
  }

  /**
   * The shell command that stops a kept server.
   *
   * @return a command line for a POSIX shell
   */
  public String stopCommand() {
    return "kill -INT " + launch.processId();
  }

  /** Stops the server and removes its files; a kept one goes on. Again: does nothing more. */
  @Override
  public void close() {
    if (kept) {
      launch.release();
    } else {
      launch.stop();
    }
  }

  DataSource administratorOf(String database) {
    return dataSource(administrator(), database);
  }

  DataSource dataSource(String role, String database) {
    SessionZoneDataSource dataSource = new SessionZoneDataSource(timeZone);
    dataSource.setServerNames(new String[] {"localhost"});
    dataSource.setPortNumbers(new int[] {port()});
    dataSource.setDatabaseName(database);
    dataSource.setUser(role);
    return dataSource;
  }

  /** Between finding a free port and using it, another server may have taken it. */
  private void requireOwn() {
    Path answering = Path.of(admin.queryString("show data_directory"));
    if (!answering.equals(launch.data())) {
      launch.stop();
      throw new PostgresServerException(
          "Another PostgreSQL (%s) took port %d. Start again.".formatted(answering, port()));
    }
  }

  Admin admin() {
    return admin;
  }

  private String createTemplate(Class<? extends DatabasePreparer> preparer) {
    String name = "template_" + sequence.incrementAndGet();
    admin.execute("create database %I", name);
    try {
      Constructor<? extends DatabasePreparer> constructor = preparer.getDeclaredConstructor();
      constructor.setAccessible(true);
      constructor.newInstance().prepare(administratorOf(name));
    } catch (Exception e) {
      admin.execute("drop database %I with (force)", name);
      throw new PostgresServerException(
          "%s could not prepare its database: %s".formatted(preparer.getName(), e.getMessage()), e);
    }
    // A database with sessions can't be cloned, and a pool may close its own late.
    admin.execute("alter database %I with allow_connections false", name);
    admin.execute(
        "select pg_catalog.pg_terminate_backend(pid, 10000)"
            + " from pg_catalog.pg_stat_activity where datname = %L",
        name);
    return name;
  }

  /** Settings of a server to start. Not thread-safe. */
  public static final class Builder {

    private final Map<String, String> settings = new LinkedHashMap<>();
    private @Nullable Path dataDirectory;
    private int port;

    private Builder() {
      setting("timezone", zoneOtherThanTheJvms());
      setting("max_connections", "100");
      setting("synchronous_commit", "off");
      setting("full_page_writes", "off");
    }

    /**
     * Sets a parameter of postgresql.conf, such as {@code max_locks_per_transaction}.
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
      return this;
    }

    /**
     * Listens on a given port instead of any free one.
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
      return this;
    }

    /**
     * Leaves the server running when it is closed and when the JVM exits, its data in a directory
     * of the caller's.
     *
     * @param dataDirectory where the data go; initialised if it is missing or empty, otherwise used
     *     as it is
     * @return this builder
     */
    public Builder keep(Path dataDirectory) {
      this.dataDirectory = requireNonNull(dataDirectory, "dataDirectory").toAbsolutePath();
      return this;
    }

    /**
     * Starts the server: two seconds the first time on a machine, less than one later.
     *
     * @return the running server; it is stopped when the JVM exits at the latest, unless kept
     * @throws PostgresServerException if PostgreSQL can't start here; the message has its output
     */
    public PostgresServer start() {
      Launch launch = Launch.start(settings, dataDirectory, port);
      PostgresServer server =
          new PostgresServer(
              launch, dataDirectory != null, settings.getOrDefault("timezone", "UTC"));
      server.requireOwn();
      if (dataDirectory == null) {
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "embedded-postgres-stop"));
      }
      return server;
    }

    private static String zoneOtherThanTheJvms() {
      String zone = "America/Los_Angeles";
      return TimeZone.getDefault().hasSameRules(TimeZone.getTimeZone(zone))
          ? "Asia/Kathmandu"
          : zone;
    }
  }
}
