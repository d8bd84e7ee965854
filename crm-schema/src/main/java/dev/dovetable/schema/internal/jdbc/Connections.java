package dev.dovetable.schema.internal.jdbc;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** How a connection of the caller's pool is taken for one piece of work, and given back. */
public final class Connections {

  /** Work over a connection. */
  @FunctionalInterface
  public interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  private Connections() {}

  /**
   * Does work over a connection, and translates what fails.
   *
   * @param doing what the work does, to be read after "Could not"
   */
  public static <T> T with(DataSource dataSource, String doing, Work<T> work) {
    requireNonNull(dataSource, "dataSource");
    return SqlErrors.translating(
        doing,
        () -> {
          try (Connection connection = take(dataSource, doing)) {
            return work.run(connection);
          }
        });
  }

  private static Connection take(DataSource dataSource, String doing) {
    try {
      return dataSource.getConnection();
    } catch (SQLException | RuntimeException e) {
      // Some pools throw unchecked exceptions when they can't be filled.
      throw SqlErrors.noConnection(doing, SqlErrors.NOTHING_CHANGED, e);
    }
  }
}
