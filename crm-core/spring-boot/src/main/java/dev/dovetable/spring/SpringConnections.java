package dev.dovetable.spring;

import dev.dovetable.core.Crm;
import dev.dovetable.core.CrmBuilder;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jooq.ConnectionProvider;
import org.jooq.exception.DataAccessException;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * The connection of Spring's transaction at hand, or else one of the pool's. Thread-safe.
 *
 * <p>The library takes a connection with autocommit off for one in a transaction of the host's. A
 * pool may give such a one outside of transactions, too: then it is on until it goes back, since
 * nobody else would commit.
 */
final class SpringConnections implements ConnectionProvider {
  private final DataSource dataSource;
  private final Set<Connection> switched = ConcurrentHashMap.newKeySet();

  SpringConnections(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * Here, since a configuration that passed one itself would have jOOQ loaded when Spring looks at
   * its methods, before anybody could say what is wrong with it.
   */
  static CrmBuilder builder(DataSource dataSource) {
    return Crm.builder(new SpringConnections(dataSource));
  }

  @Override
  public Connection acquire() {
    Connection connection = DataSourceUtils.getConnection(dataSource);
    if (DataSourceUtils.isConnectionTransactional(connection, dataSource)) {
      return connection;
    }
    try {
      if (!connection.getAutoCommit()) {
        connection.setAutoCommit(true);
        switched.add(connection);
      }
      return connection;
    } catch (SQLException e) {
      DataSourceUtils.releaseConnection(connection, dataSource);
      throw new DataAccessException("No connection", e);
    }
  }

  @Override
  public void release(Connection connection) {
    try {
      if (switched.remove(connection)) {
        connection.setAutoCommit(false);
      }
    } catch (SQLException e) {
      // It is broken; the pool finds out.
    } finally {
      DataSourceUtils.releaseConnection(connection, dataSource);
    }
  }
}
