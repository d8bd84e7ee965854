package dev.wacrm.testkit.server;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Deque;
import javax.sql.DataSource;

/**
 * One database of an {@link PostgresServer}, dropped with everything in it by {@link #close()}.
 *
 * <p>Thread-safe. Every role logs in without a password. Sessions run in {@link
 * PostgresServer#timeZone()}, which is never the JVM's.
 */
public final class PostgresDatabase implements AutoCloseable {

  private final PostgresServer server;
  private final String name;
  private final Deque<String> logins = new ArrayDeque<>();

  PostgresDatabase(PostgresServer server, String name) {
    this.server = server;
    this.name = name;
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
   *     than the log-in: one sets the time zone)
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
   * @throws PostgresServerException if a role of {@code memberOf} doesn't exist
   */
  public String createLogin(String prefix, String... memberOf) {
    String role = requireNonNull(prefix, "prefix") + "_" + name;
    server.admin().execute("create role %I login", role);
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
    return "jdbc:postgresql://localhost:%d/%s?user=%s"
        .formatted(server.port(), name, requireNonNull(role, "role"));
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
    return "psql -h localhost -p %d -U %s -d %s"
        .formatted(server.port(), requireNonNull(role, "role"), name);
  }

  /** Ends all sessions, drops the database and the log-ins made for it; again: does nothing. */
  @Override
  public void close() {
    server.admin().execute("drop database if exists %I with (force)", name);
    synchronized (logins) {
      while (!logins.isEmpty()) {
        String role = logins.pop();
        server.admin().execute("drop owned by %I cascade", role);
        server.admin().execute("drop role %I", role);
      }
    }
  }

  /**
   * Names the database and where it is.
   *
   * @return the JDBC address of the administrator
   */
  @Override
  public String toString() {
    return jdbcUrl();
  }
}
