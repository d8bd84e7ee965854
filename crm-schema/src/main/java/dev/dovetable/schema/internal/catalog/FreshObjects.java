package dev.dovetable.schema.internal.catalog;

import dev.dovetable.schema.internal.catalog.Blueprint.Expected;
import dev.dovetable.schema.internal.catalog.Blueprint.Name;
import dev.dovetable.schema.internal.catalog.Blueprint.Schema;
import dev.dovetable.schema.internal.catalog.Blueprint.Subject;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads what was just made and will be taken back. */
public final class FreshObjects {
  private final Connection connection;
  private final Blueprint nothing;

  private FreshObjects(Connection connection, Blueprint nothing) {
    this.connection = connection;
    this.nothing = nothing;
  }

  /** What these relations, functions and schemas hold; leaves some of it made anew. */
  public static List<Expected> read(
      Connection connection,
      String state,
      List<Name> relations,
      List<Name> functions,
      List<Schema> schemas)
      throws SQLException {
    FreshObjects fresh =
        new FreshObjects(connection, Blueprint.empty(relations, functions, schemas));
    List<Expected> objects = fresh.describe(state);
    return fresh.remade(state, objects);
  }

  private List<Expected> describe(String state) throws SQLException {
    Subject itself = new Subject(Blueprint.INSTALLATION, "", "", "");
    return Comparison.run(connection, nothing, List.of(itself)).stream()
        .map(object -> Expected.of(state, object))
        .toList();
  }

  /** With the definitions that those have which are made from their definitions. */
  private List<Expected> remade(String state, List<Expected> objects) throws SQLException {
    List<String> statements = new ArrayList<>();
    for (Expected one : objects) {
      if (holdsExpression(one)) {
        statements.addAll(one.statements());
      }
    }
    Jdbc.runText(connection, String.join(";\n", statements));
    Map<String, String> values = new HashMap<>();
    for (Expected one : describe(state)) {
      values.put(one.key(), one.value());
    }
    return objects.stream()
        .map(one -> one.orElse(values.getOrDefault(one.key(), one.value())))
        .toList();
  }

  private static boolean holdsExpression(Expected one) {
    return switch (one.kind()) {
      case CONSTRAINT -> one.value().startsWith("CHECK");
      case DEFAULT, POLICY -> true;
      case INDEX -> one.value().contains(" where ");
      case TRIGGER -> one.value().contains(" WHEN (");
      default -> false;
    };
  }
}
