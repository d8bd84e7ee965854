package dev.dovetable.core.internal.connection;

import dev.dovetable.core.internal.sql.SqlErrors;
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
 * PostgreSQL's COPY, which it refuses to roles that row level security holds back. Not thread-safe.
 */
public final class Copy {
  /** Sent at once, so that the server works on these rows while the next ones are written. */
  private static final int PORTION_CHARACTERS = 32_768;

  private static final char NOT_ESCAPED = 0;

  private final CopyIn copy;
  private final StringBuilder text = new StringBuilder();

  private Copy(CopyIn copy) {
    this.copy = copy;
  }

  /** What adds all rows. */
  public interface Rows {
    void addTo(Copy copy) throws SQLException;
  }

  /** Whether the session acts as the service, and the driver can do it. */
  public static boolean isPossible(Session session) {
    return session
        .dsl()
        .connectionResult(
            connection ->
                connection.unwrap(ActingConnection.class).prelude.actsAsService()
                    && isFromPostgres(connection));
  }

  private static boolean isFromPostgres(Connection connection) throws SQLException {
    try {
      return connection.isWrapperFor(PGConnection.class);
    } catch (NoClassDefFoundError e) {
      return false; // another driver, or one that this class loader doesn't see
    }
  }

  /** Writes rows: all, or none and an exception of this library. One round trip. */
  public static void into(
      Session session, String subject, Table<?> table, List<Field<?>> columns, Rows rows) {
    DSLContext dsl = session.dsl();
    Name[] names = columns.stream().map(Field::getUnqualifiedName).toArray(Name[]::new);
    String sql = dsl.render(DSL.query("copy {0} ({1}) from stdin", table, DSL.list(names)));
    Optional<SQLException> failure =
        dsl.connectionResult(
            connection -> {
              try {
                send(connection, sql, rows);
                return Optional.empty();
              } catch (SQLException e) {
                return Optional.of(e); // jOOQ would wrap it
              }
            });
    if (failure.isPresent()) {
      throw SqlErrors.translate(failure.get(), subject);
    }
  }

  private static void send(Connection connection, String sql, Rows rows) throws SQLException {
    Connection acting = connection.unwrap(ActingConnection.class).asActor();
    CopyIn copy = acting.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
    try {
      Copy all = new Copy(copy);
      rows.addTo(all);
      all.send();
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  /** One row; the values in the order of the columns. */
  public void add(String... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        text.append('\t');
      }
      append(values[i]);
    }
    text.append('\n');
    if (text.length() >= PORTION_CHARACTERS) {
      send();
    }
  }

  private void send() throws SQLException {
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    copy.writeToCopy(bytes, 0, bytes.length);
    text.setLength(0);
  }

  private void append(String value) {
    int plain = 0; // from here on, nothing has to be escaped
    for (int i = 0; i < value.length(); i++) {
      char escaped =
          switch (value.charAt(i)) {
            case '\\' -> '\\';
            case '\t' -> 't';
            case '\n' -> 'n';
            case '\r' -> 'r';
            default -> NOT_ESCAPED;
          };
      if (escaped != NOT_ESCAPED) {
        text.append(value, plain, i).append('\\').append(escaped);
        plain = i + 1;
      }
    }
    text.append(value, plain, value.length());
  }
}
