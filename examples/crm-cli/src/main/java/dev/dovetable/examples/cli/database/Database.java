package dev.dovetable.examples.cli.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.Crm;
import dev.dovetable.examples.cli.failures.CliException;
import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.failures.Usage;
import dev.dovetable.examples.cli.terminal.Shell;
import dev.dovetable.examples.cli.terminal.Text;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/** A pool of connections to the database, whose first one was had. */
public final class Database implements AutoCloseable {
  private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(30);
  private static final String CONNECTION_REJECTED = "08004";
  private static final String INVALID_PASSWORD = "28P01";

  private final HikariDataSource pool;
  private final String schema;

  private Database(HikariDataSource pool, String schema) {
    this.pool = pool;
    this.schema = schema;
  }

  /**
   * Logs in, asking for a password if one is needed and somebody is there.
   *
   * @throws CliException if the server can't be reached or refuses
   */
  public static Database open(ConnectionOptions options, Shell shell, int connections) {
    return open(options.address(shell), options.schema(), shell, connections);
  }

  static Database open(DatabaseAddress of, String schema, Shell shell, int connections) {
    DatabaseAddress address = loggedIn(of, shell);
    HikariConfig config = new HikariConfig();
    config.setPoolName("dovetable-cli");
    config.setJdbcUrl(DatabaseAddress.JDBC_URL);
    config.setDataSourceProperties(address.properties());
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(CONNECTION_TIMEOUT.toMillis());
    config.setInitializationFailTimeout(-1);
    return new Database(new HikariDataSource(config), schema);
  }

  public DataSource dataSource() {
    return pool;
  }

  public String schema() {
    return schema;
  }

  public Crm crm() {
    return Usage.check(() -> Crm.builder(pool).schema(schema).build());
  }

  @Override
  public void close() {
    pool.close();
  }

  private static DatabaseAddress loggedIn(DatabaseAddress address, Shell shell) {
    if (!address.hasPassword()) {
      PasswordFile.leaveOutIfShared(shell);
    }
    try {
      logIn(address);
      return address;
    } catch (SQLException e) {
      if (address.hasPassword() || !isForWantOfPassword(e)) {
        throw unreachable(address, e);
      }
      Optional<String> password = shell.askSecretly("Password for user " + address.user() + ": ");
      if (password.isEmpty()) {
        throw new CliException(
            ExitStatus.UNREACHABLE,
            "The server wants a password of %s. Set PGPASSWORD, or put it into ~/.pgpass; on a terminal it is asked for."
                .formatted(address.user()),
            e);
      }
      DatabaseAddress complete = address.withPassword(password.get());
      try {
        logIn(complete);
        return complete;
      } catch (SQLException second) {
        throw unreachable(complete, second);
      }
    }
  }

  private static void logIn(DatabaseAddress address) throws SQLException {
    DriverManager.getConnection(DatabaseAddress.JDBC_URL, address.properties()).close();
  }

  private static boolean isForWantOfPassword(SQLException e) {
    return CONNECTION_REJECTED.equals(e.getSQLState()) || INVALID_PASSWORD.equals(e.getSQLState());
  }

  private static CliException unreachable(DatabaseAddress address, SQLException e) {
    String state = Optional.ofNullable(e.getSQLState()).orElse("");
    String problem;
    if (state.startsWith("28")) {
      problem = "%s refuses the login of %s: %s Check the user, and PGPASSWORD or ~/.pgpass.";
    } else if (state.startsWith("08")) {
      problem = "%s can't be reached as %s: %s Check host and port in --url or PGHOST and PGPORT.";
    } else {
      problem = "%s gives %s no connection: %s Check the database's name, and the server's log.";
    }
    return new CliException(
        ExitStatus.UNREACHABLE,
        problem.formatted(address.server(), address.user(), Text.sentence(e.getMessage())),
        e);
  }
}
