package dev.dovetable.testkit.server;

import static java.util.Objects.requireNonNull;

import dev.dovetable.testkit.server.internal.SessionZoneDataSource;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;
import javax.sql.DataSource;

/**
 * One database of an {@link PostgresServer}, dropped with everything in it by {@link #close()}.
 *
 * <p>Thread-safe. Sessions run in {@link PostgresServer#timeZone()}, which is never the JVM's.
 */
public final class PostgresDatabase implements AutoCloseable {

  private static final int LONGEST_NAME = 63;

  private final PostgresServer server;
  private final String name;
  private final Flavor flavor;
  private final Deque<String> logins = new ArrayDeque<>();

  PostgresDatabase(PostgresServer server, String name, Flavor flavor) {
    this.server = server;
    this.name = name;
    this.flavor = flavor;
  }

  /**
   * The name of the database, unique on its server.
   *
   * @return a name that needs no quotes
   */
  public String name() {
    return name;
  }

  /**
   * The server that the database is on.
   *
   * @return the server
   */
  public PostgresServer server() {
    return server;
  }

  /**
   * What the database looked like before anything was installed in it.
   *
   * @return the flavor
   */
  public Flavor flavor() {
    return flavor;
  }

  /**
   * The role that owns the database and installs what is in it: {@link
   * PostgresServer#administrator()}, or in the flavors of Supabase one that is no superuser.
   *
   * @return the name of a role
   */
  public String owner() {
    return flavor.hasOwner() ? Flavor.SUPABASE_OWNER : server.administrator();
  }

  /**
   * Connects as {@link PostgresServer#administrator()}: for what a test prepares or inspects, not
   * for what it tests.
   *
   * @return an unpooled data source, opening a connection at each request
   */
  public DataSource dataSource() {
    return dataSource(server.administrator());
  }

  /**
   * Connects as the given role. That the role exists and may log in shows at the first connection.
   *
   * @param role the role to log in as, for instance one from {@link #createLogin}
   * @return an unpooled data source, opening a connection at each request (two round trips more
   *     than the login: one sets the time zone)
   */
  public DataSource dataSource(String role) {
    return server.dataSource(requireNonNull(role, "role"), name);
  }

  /**
   * Creates a role that may log in and is nothing more than a member of the given ones.
   *
   * <p>Roles belong to the server, not to the database, so the role gets the database's name as a
   * suffix; it is dropped when the database is closed.
   *
   * @param prefix what the role's name begins with
   * @param memberOf roles that the new one is a member of and inherits from
   * @return the name of the role
   * @throws IllegalArgumentException if the name would be longer than 63 characters
   * @throws PostgresServerException if a role of {@code memberOf} doesn't exist
   */
  public String createLogin(String prefix, String... memberOf) {
    String role = requireNonNull(prefix, "prefix") + "_" + name;
    if (role.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "the name %s is longer than %d characters".formatted(role, LONGEST_NAME));
    }
    server.createLogin(role);
    synchronized (logins) {
      logins.push(role);
    }
    for (String group : memberOf) {
      server.admin().execute("grant %I to %I", group, role);
    }
    return role;
  }

  /**
   * The address for a JDBC connection of {@link PostgresServer#administrator()}.
   *
   * @return a URL that needs no further properties
   */
  public String jdbcUrl() {
    return jdbcUrl(server.administrator());
  }

  /**
   * The address for a JDBC connection from any process on this machine.
   *
   * @param role the role to log in as
   * @return a URL that needs no further properties
   */
  public String jdbcUrl(String role) {
    SessionZoneDataSource dataSource = server.dataSource(requireNonNull(role, "role"), name);
    String url = dataSource.getURL();
    String password = dataSource.getPassword();
    return url
        + (url.contains("?") ? "&" : "?")
        + "user="
        + encoded(role)
        + (password == null ? "" : "&password=" + encoded(password));
  }

  /**
   * The shell command that opens the database in psql as {@link PostgresServer#administrator()}.
   *
   * @return a command line
   */
  public String psqlCommand() {
    return psqlCommand(server.administrator());
  }

  /**
   * The shell command that opens the database in psql.
   *
   * @param role the role to log in as
   * @return a command line
   */
  public String psqlCommand(String role) {
    return "psql -h %s -p %d -U %s -d %s"
        .formatted(server.host(), server.port(), requireNonNull(role, "role"), name);
  }

  /**
   * Returns as soon as any session of this database waits for a lock: a test that holds one knows
   * then that the other side has arrived, without guessing a time.
   *
   * @return the session that waits
   * @throws PostgresServerException if none has waited within 30 seconds, or the thread is
   *     interrupted; it names the sessions there are
   */
  public LockWait awaitLockWait() {
    return awaitLockWait(any -> true);
  }

  /**
   * Like {@link #awaitLockWait()}, for a certain session, lock or statement, or for another attempt
   * than one that was seen.
   *
   * @param wanted which of the sessions that wait; asked many times
   * @return the first session that waits and is wanted
   * @throws PostgresServerException if none has within 30 seconds, or the thread is interrupted; it
   *     names the sessions there are
   */
  public LockWait awaitLockWait(Predicate<LockWait> wanted) {
    return LockWaits.await(dataSource(), requireNonNull(wanted, "wanted"));
  }

  /** Ends all sessions, drops the database and the logins made for it; again: does nothing. */
  @Override
  public void close() {
    server.drop(name);
    synchronized (logins) {
      while (!logins.isEmpty()) {
        server.dropLogin(logins.pop());
      }
    }
  }

  /**
   * Names the database and where it is.
   *
   * @return its JDBC address, without user and password
   */
  @Override
  public String toString() {
    return "jdbc:postgresql://%s:%d/%s".formatted(server.host(), server.port(), name);
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
