package dev.dovetable.testkit.server.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Opens sessions in the server's time zone. pgjdbc puts the JVM's zone into the start-up packet,
 * which wins over every setting of server, database and role, so it has to be reset afterwards.
 */
public final class SessionZoneDataSource extends PGSimpleDataSource {

  private static final long serialVersionUID = 1L;

  private final String zone;

  public SessionZoneDataSource(String zone) {
    this.zone = zone;
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    Connection connection = super.getConnection(user, password);
    try (Statement statement = connection.createStatement()) {
      statement.execute("set session time zone '" + zone + "'");
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }
}
