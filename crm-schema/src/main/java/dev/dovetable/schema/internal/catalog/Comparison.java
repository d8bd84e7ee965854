package dev.dovetable.schema.internal.catalog;

import dev.dovetable.schema.internal.catalog.Blueprint.Expected;
import dev.dovetable.schema.internal.catalog.Blueprint.Name;
import dev.dovetable.schema.internal.catalog.Blueprint.Schema;
import dev.dovetable.schema.internal.catalog.Blueprint.Subject;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Compares subjects with a blueprint. Within a transaction, whose search_path is emptied. */
public final class Comparison {
  /** Between the statements of one object, in which it can't occur. */
  private static final String SEPARATOR = "\u001f";

  private final Connection connection;
  private int position;

  private Comparison(Connection connection) {
    this.connection = connection;
  }

  /** What isn't as it should be; two round trips, however many subjects there are. */
  public static List<Difference> run(
      Connection connection, Blueprint blueprint, List<Subject> subjects) throws SQLException {
    Jdbc.run(connection, Resources.read("doctor/no_path.sql"));
    return new Comparison(connection).compare(blueprint, subjects);
  }

  private List<Difference> compare(Blueprint blueprint, List<Subject> subjects)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(Resources.read("doctor/compare.sql"))) {
      position = 1;
      statement.setString(position++, blueprint.first());
      statement.setString(position++, blueprint.second());
      bind(statement, "bigint", subjects, Subject::id);
      bind(statement, "text", subjects, Subject::state);
      bind(statement, "text", subjects, Subject::first);
      bind(statement, "text", subjects, Subject::second);
      bind(statement, "text", blueprint.relations(), Name::home);
      bind(statement, "text", blueprint.relations(), Name::name);
      bind(statement, "text", blueprint.functions(), Name::home);
      bind(statement, "text", blueprint.functions(), Name::name);
      bind(statement, "text", blueprint.schemas(), Schema::name);
      bind(statement, "boolean", blueprint.schemas(), Schema::isPrivate);
      List<Expected> expected = blueprint.expected();
      bind(statement, "text", expected, Expected::state);
      bind(statement, "text", expected, one -> one.kind().toString());
      bind(statement, "text", expected, Expected::home);
      bind(statement, "text", expected, Expected::relation);
      bind(statement, "text", expected, Expected::name);
      bind(statement, "text", expected, Expected::value);
      bind(statement, "text", expected, Expected::otherValue);
      bind(statement, "text", expected, one -> String.join(SEPARATOR, one.statements()));
      try (ResultSet rows = statement.executeQuery()) {
        List<Difference> differences = new ArrayList<>();
        while (rows.next()) {
          differences.add(read(rows));
        }
        return differences;
      }
    }
  }

  private <T> void bind(
      PreparedStatement statement, String type, List<T> values, Function<T, Object> column)
      throws SQLException {
    Object[] array = values.stream().map(column).toArray();
    statement.setArray(position++, connection.createArrayOf(type, array));
  }

  private static Difference read(ResultSet row) throws SQLException {
    return new Difference(
        row.getLong("subject"),
        ObjectKind.of(row.getString("kind")),
        row.getString("home"),
        row.getString("relation"),
        row.getString("name"),
        Optional.ofNullable(row.getString("expected")),
        Optional.ofNullable(row.getString("found")),
        Jdbc.texts(row, "make_expected"),
        Jdbc.texts(row, "make_found"),
        Jdbc.texts(row, "undo_found"));
  }
}
