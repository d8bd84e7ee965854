package dev.wacrm.core;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * PostgreSQL's COPY, which it refuses to roles that row level security holds back. The only class
 * that names the driver's own. Not thread-safe.
 */
final class Copy {
  private final StringBuilder text = new StringBuilder();

  /** Whether the session acts as the service, and the driver can do it. */
  static boolean isPossible(Session session) {
    return session
        .dsl()
        .connectionResult(
            connection ->
                connection.unwrap(ActingConnection.class).actsAsService()
                    && isFromPostgres(connection));
  }

  private static boolean isFromPostgres(Connection connection) throws SQLException {
    try {
      return connection.isWrapperFor(PGConnection.class);
    } catch (NoClassDefFoundError e) {
      return false; // another driver, or one that this class loader doesn't see
    }
  }

  /** One row; the values in the order of the columns. */
  void add(String... values) {
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        text.append('\t');
      }
      append(values[i]);
    }
    text.append('\n');
  }

  private void append(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> text.append("\\\\");
        case '\t' -> text.append("\\t");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        default -> text.append(c);
      }
    }
  }

  /** Writes the rows: all, or none and an exception of this library. One round trip. */
  void into(Session session, String subject, Table<?> table, List<Field<?>> columns) {
    DSLContext dsl = session.dsl();
    Name[] names = columns.stream().map(Field::getUnqualifiedName).toArray(Name[]::new);
    String sql = dsl.render(DSL.query("copy {0} ({1}) from stdin", table, DSL.list(names)));
    Optional<SQLException> failure =
        dsl.connectionResult(
            connection -> {
              try {
                send(connection, sql);
                return Optional.empty();
              } catch (SQLException e) {
                return Optional.of(e); // jOOQ would wrap it
              }
            });
    if (failure.isPresent()) {
      throw Errors.translate(failure.get(), subject);
    }
  }

  private void send(Connection connection, String sql) throws SQLException {
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
    try {
      copy.writeToCopy(bytes, 0, bytes.length);
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }
}
