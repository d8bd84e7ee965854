package dev.dovetable.testkit;

import dev.dovetable.testkit.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the catalogues say about the CRM's two schemas, by object. Immutable.
 *
 * @param privateSchema where everything is the CRM's
 * @param objects lines about each object
 */
record Catalog(String privateSchema, Map<String, SortedSet<String>> objects) {

  static Catalog of(CrmDatabase database) throws SQLException {
    Map<String, SortedSet<String>> objects = new TreeMap<>();
    try (Connection connection = database.superuser().getConnection();
        Statement path = connection.createStatement();
        PreparedStatement query = connection.prepareStatement(Sql.text("catalog.sql"))) {
      // Names are printed in full then.
      path.execute("set search_path to ''");
      query.setString(1, database.schema());
      query.setString(2, database.privateSchema());
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          objects
              .computeIfAbsent(rows.getString(1), name -> new TreeSet<>())
              .add(rows.getString(2));
        }
      }
    }
    return new Catalog(database.privateSchema(), objects);
  }

  /** One line for each difference; what the application has made beside the CRM is none. */
  List<String> differencesFrom(Catalog expected) {
    List<String> differences = new ArrayList<>();
    expected.objects.forEach(
        (name, lines) -> {
          SortedSet<String> here = objects.getOrDefault(name, new TreeSet<>());
          if (here.isEmpty()) {
            differences.add(name + ": missing");
            return;
          }
          lines.stream()
              .filter(line -> !here.contains(line))
              .forEach(line -> differences.add(name + ": missing: " + line));
          here.stream()
              .filter(line -> !lines.contains(line))
              .forEach(line -> differences.add(name + ": unexpected: " + line));
        });
    objects.keySet().stream()
        .filter(name -> name.startsWith(privateSchema + ".") && !expected.objects.containsKey(name))
        .forEach(name -> differences.add(name + ": unexpected"));
    return differences;
  }
}
