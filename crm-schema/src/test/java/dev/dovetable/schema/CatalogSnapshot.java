package dev.dovetable.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import javax.sql.DataSource;

/**
 * All objects of a database as the catalogues describe them: columns, constraints, indexes,
 * policies, functions, triggers, privileges, comments, owners. Column order is left out.
 */
final class CatalogSnapshot {
  private final Map<String, String> objects;

  private CatalogSnapshot(Map<String, String> objects) {
    this.objects = objects;
  }

  static CatalogSnapshot of(DataSource superuser) throws SQLException {
    try (Connection connection = superuser.getConnection();
        Statement statement = connection.createStatement()) {
      // Names are printed in full, whatever search_path the session came with.
      statement.execute("set search_path to ''");
      Map<String, String> objects = new TreeMap<>();
      try (ResultSet rows = statement.executeQuery(TestDatabase.resource("catalog_snapshot.sql"))) {
        while (rows.next()) {
          String former =
              objects.put(
                  rows.getString("kind") + " " + rows.getString("name"),
                  rows.getString("definition"));
          if (former != null) {
            throw new IllegalStateException("Two objects " + rows.getString("name"));
          }
        }
      }
      return new CatalogSnapshot(objects);
    }
  }

  /** The objects whose kind and name pass, {@code "column public.users.id"} for one. */
  CatalogSnapshot only(Predicate<String> kindAndName) {
    Map<String, String> kept = new TreeMap<>(objects);
    kept.keySet().removeIf(kindAndName.negate());
    return new CatalogSnapshot(kept);
  }

  int size() {
    return objects.size();
  }

  /** One readable paragraph for each object that differs; empty if all are the same. */
  List<String> differencesFrom(CatalogSnapshot expected) {
    List<String> differences = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(objects.keySet());
    names.addAll(expected.objects.keySet());
    for (String name : names) {
      String here = objects.get(name);
      String there = expected.objects.get(name);
      if (here == null) {
        differences.add("missing: " + name + "\n" + indented("- ", there));
      } else if (there == null) {
        differences.add("unexpected: " + name + "\n" + indented("+ ", here));
      } else if (!here.equals(there)) {
        differences.add("different: " + name + "\n" + changedLines(there, here));
      }
    }
    return differences;
  }

  private static String changedLines(String there, String here) {
    List<String> expected = there.lines().toList();
    List<String> actual = here.lines().toList();
    StringBuilder text = new StringBuilder();
    expected.stream()
        .filter(line -> !actual.contains(line))
        .forEach(line -> text.append("  - ").append(line).append('\n'));
    actual.stream()
        .filter(line -> !expected.contains(line))
        .forEach(line -> text.append("  + ").append(line).append('\n'));
    return text.isEmpty() ? "  (the same lines in another order)\n" : text.toString();
  }

  private static String indented(String mark, String text) {
    StringBuilder indented = new StringBuilder();
    text.lines().forEach(line -> indented.append("  ").append(mark).append(line).append('\n'));
    return indented.toString();
  }
}
