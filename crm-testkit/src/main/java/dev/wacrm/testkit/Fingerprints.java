package dev.wacrm.testkit;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is in each agent's tables, in a few characters per table. */
final class Fingerprints {
  private Fingerprints() {}

  /** Number of rows and a hash of where they are and who wrote them, by table. */
  static Map<String, String> read(Connection superuser) throws SQLException {
    Map<String, String> tables = new TreeMap<>();
    try (Statement statement = superuser.createStatement()) {
      Optional<String> query = query(statement);
      if (query.isPresent()) {
        try (ResultSet rows = statement.executeQuery(query.get())) {
          while (rows.next()) {
            tables.put(rows.getString(1), rows.getString(2) + " " + rows.getString(3));
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

  static String prefix(String table) {
    return table.replaceFirst("_(customers|messages|orders|orders_items)$", "");
  }

  static String difference(String was, String is) {
    String rowsBefore = was.substring(0, was.indexOf(' '));
    String rowsAfter = is.substring(0, is.indexOf(' '));
    return rowsBefore.equals(rowsAfter)
        ? "other rows than before, " + rowsAfter + " as before"
        : rowsAfter + " rows, not " + rowsBefore;
  }
}
