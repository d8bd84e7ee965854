package dev.dovetable.testkit.internal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is in each agent's tables, those of extensions among them, in a few characters per table.
 */
public final class Fingerprints {
  private Fingerprints() {}

  /**
   * What is in one table.
   *
   * @param prefix whose it is
   * @param hash of where the rows are and who wrote them
   */
  public record Fingerprint(String prefix, long rows, long hash) {

    public String differenceTo(Fingerprint after) {
      return rows == after.rows
          ? "other rows than before, " + rows + " as before"
          : after.rows + " rows, not " + rows;
    }
  }

  /** By table. */
  public static Map<String, Fingerprint> read(Connection superuser) throws SQLException {
    Map<String, Fingerprint> tables = new TreeMap<>();
    try (Statement statement = superuser.createStatement()) {
      Optional<String> query = query(statement);
      if (query.isPresent()) {
        try (ResultSet rows = statement.executeQuery(query.get())) {
          while (rows.next()) {
            tables.put(
                rows.getString(1),
                new Fingerprint(rows.getString(2), rows.getLong(3), rows.getLong(4)));
          }
        }
      }
    }
    return tables;
  }

  /** One that reads all tables; none if there is no agent. */
  private static Optional<String> query(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery(Sql.text("fingerprint_query.sql"))) {
      row.next();
      return Optional.ofNullable(row.getString(1));
    }
  }
}
