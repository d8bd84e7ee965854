package dev.dovetable.schema.migration;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** Writes what is registered of an extension as SQL that registers it elsewhere. */
final class ExtensionExport {
  private final Target target;
  private final String extension;

  ExtensionExport(Target target, String extension) {
    this.target = target;
    this.extension = extension;
  }

  String of(Connection connection) throws SQLException {
    List<String> versions =
        Jdbc.query(connection, Resources.read("agents/export.sql"), this::version, extension);
    if (versions.isEmpty()) {
      throw new SchemaException(
          Reason.UNKNOWN_VERSION,
          "No version of extension " + extension + " is registered.",
          "Look into the table agent_templates for what is; AgentMigrations registers.");
    }
    String schema = '"' + target.privateSchema().replace("\"", "\"\"") + '"';
    return Resources.read("agents/export_begin.sql")
            .replace("{extension}", extension)
            .replace("{schema}", schema)
        + String.join("", versions)
        + Resources.read("agents/export_end.sql").replace("{extension}", literal(extension));
  }

  private String version(ResultSet row) throws SQLException {
    return """

        -- %s
        select register_version(
          %s, %d, %s, %s,
          %s,
          %s, %s, %s,
          %s, %s,
          %s,
          %s,
          %s) as is_new;
        """
        .formatted(
            row.getString("file").replaceAll("\\s", " "),
            literal(extension),
            row.getLong("version"),
            literal(row.getString("file")),
            literal(row.getString("checksum")),
            text(row.getString("template")),
            array(row, "names"),
            array(row, "tables"),
            array(row, "functions"),
            array(row, "shared_functions"),
            array(row, "indexes"),
            array(row, "privileges"),
            array(row, "shared"),
            array(row, "builds"));
  }

  private static String array(ResultSet row, String column) throws SQLException {
    return Jdbc.texts(row, column).stream()
        .map(ExtensionExport::text)
        .collect(Collectors.joining(", ", "array[", "]::text[]"));
  }

  /** Readable if it has several lines: between dollar signs with a word that it doesn't hold. */
  private static String text(String value) {
    if (value.indexOf('\n') < 0) {
      return literal(value);
    }
    String quote = "$version$";
    for (int i = 1; value.contains(quote.substring(0, quote.length() - 1)); i++) {
      quote = "$version" + i + "$";
    }
    return quote + value + quote;
  }

  /** Read the same whether backslashes mean something or not. */
  private static String literal(String value) {
    String quoted = value.replace("'", "''");
    return quoted.indexOf('\\') < 0
        ? "'" + quoted + "'"
        : "E'" + quoted.replace("\\", "\\\\") + "'";
  }
}
