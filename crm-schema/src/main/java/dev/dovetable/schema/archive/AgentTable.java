package dev.dovetable.schema.archive;

import dev.dovetable.schema.internal.jdbc.Jdbc;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A table of an agent as the catalogue has it. Immutable.
 *
 * @param oid its id
 * @param name its name in full, quoted
 * @param columns name and type of each that COPY takes, in the order of the table
 * @param quoted their names, quoted, in the same order
 */
record AgentTable(
    String suffix,
    String oid,
    String name,
    List<String> columns,
    List<String> quoted,
    boolean isPlain) {

  /** Those that there are, by the ends of their names, the customers last; one round trip. */
  static Map<String, AgentTable> read(
      Connection connection, String prefix, Collection<String> suffixes) throws SQLException {
    Map<String, AgentTable> tables = new LinkedHashMap<>();
    // Each is letters, digits and underscores, as a name of a table that an extension makes is.
    String names =
        suffixes.stream().map(name -> '"' + name + '"').collect(Collectors.joining(",", "{", "}"));
    Jdbc.query(
            connection,
            Sql.read("tables.sql"),
            row ->
                new AgentTable(
                    row.getString("suffix"),
                    row.getString("oid"),
                    row.getString("name"),
                    Jdbc.texts(row, "columns"),
                    Jdbc.texts(row, "quoted"),
                    row.getBoolean("is_plain")),
            prefix,
            names)
        .forEach(table -> tables.put(table.suffix(), table));
    return tables;
  }

  String quotedColumns() {
    return String.join(", ", quoted);
  }

  /** As a parameter of SQL. */
  static String oids(Collection<AgentTable> tables) {
    return tables.stream().map(AgentTable::oid).collect(Collectors.joining(",", "{", "}"));
  }

  /** As a list in SQL. */
  static String names(Collection<AgentTable> tables) {
    return tables.stream().map(AgentTable::name).collect(Collectors.joining(", "));
  }
}
