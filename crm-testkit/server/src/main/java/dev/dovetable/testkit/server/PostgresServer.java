package dev.dovetable.testkit.server;

import static java.util.Objects.requireNonNull;

import dev.dovetable.testkit.server.internal.SessionZoneDataSource;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

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
  private final Logins logins;
  private final Databases databases;
  private final int version;

  PostgresServer(Backend backend, String timeZone) {
    this.backend = backend;
    this.timeZone = timeZone;
    this.logins = new Logins(backend, timeZone);
    this.version =
        Integer.parseInt(
            admin().queryString("select current_setting('server_version_num')::int / 10000"));
    this.databases = new Databases(logins, backend);
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
  public static PostgresServerBuilder builder() {
    return new PostgresServerBuilder();
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
    return logins.administrator();
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
    logins.dropAll();
    backend.close();
  }

  DataSource administratorOf(String database) {
    return logins.administratorOf(database);
  }

  SessionZoneDataSource dataSource(String role, String database) {
    return logins.dataSource(role, database);
  }

  private SessionZoneDataSource address() {
    return logins.administratorOf("");
  }

  Admin admin() {
    return logins.admin();
  }

  void createLogin(String role) {
    logins.create(role);
  }

  void dropLogin(String role) {
    logins.drop(role);
  }

  void drop(String database) {
    databases.drop(database);
  }
}
