package dev.dovetable.examples.cli.database;

import dev.dovetable.examples.cli.failures.CliException;
import dev.dovetable.examples.cli.failures.Usage;
import dev.dovetable.examples.cli.terminal.Shell;
import dev.dovetable.schema.fleet.DatabaseFleet;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** Pools of several databases, of which some may be down. */
public final class Databases implements AutoCloseable {
  private final List<Database> open = new ArrayList<>();
  private final DatabaseFleet fleet;

  /**
   * Logs in to each of them, one after the other, because each may ask for a password.
   *
   * @param addresses by name
   * @throws CliException if an address is malformed
   */
  public Databases(Map<String, String> addresses, String schema, Shell shell, int connections) {
    Map<String, DatabaseAddress> parsed = new LinkedHashMap<>();
    addresses.forEach(
        (name, url) -> parsed.put(name, DatabaseAddress.of(Optional.of(url), shell.environment())));
    Map<String, DataSource> sources = new LinkedHashMap<>();
    parsed.forEach(
        (name, address) -> sources.put(name, source(address, schema, shell, connections)));
    this.fleet = Usage.check(() -> DatabaseFleet.of(sources).schema(schema));
  }

  private DataSource source(DatabaseAddress address, String schema, Shell shell, int connections) {
    try {
      Database database = Database.open(address, schema, shell, connections);
      open.add(database);
      return database.dataSource();
    } catch (CliException e) {
      return new Unreachable(String.valueOf(e.getMessage()));
    }
  }

  public DatabaseFleet fleet() {
    return fleet;
  }

  @Override
  public void close() {
    open.forEach(Database::close);
  }

  /** Has no connections, and says why. */
  private record Unreachable(String reason) implements DataSource {
    @Override
    public Connection getConnection() throws SQLException {
      throw new SQLException(reason, "08001");
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
      return getConnection();
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
      throw new SQLFeatureNotSupportedException();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
      throw new SQLFeatureNotSupportedException();
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
      throw new SQLFeatureNotSupportedException();
    }

    @Override
    public int getLoginTimeout() {
      return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
      throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
      throw new SQLException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
      return false;
    }
  }
}
