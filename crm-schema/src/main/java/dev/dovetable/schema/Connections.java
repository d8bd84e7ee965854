package dev.dovetable.schema;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** How a connection of the caller's pool is taken for one piece of work, and given back. */
final class Connections {

  /** Work over a connection. */
  @FunctionalInterface
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  private Connections() {}

  /**
   * Does work over a connection, and translates what fails.
   *
   * @param doing what the work does, to be read after "Could not"
   */
  static <T> T with(DataSource dataSource, String doing, Work<T> work) {
    requireNonNull(dataSource, "dataSource");
    return Errors.translating(
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
      throw Errors.noConnection(doing, Errors.NOTHING_CHANGED, e);
    }
  }
}
