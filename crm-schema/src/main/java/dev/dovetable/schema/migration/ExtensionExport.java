package dev.dovetable.schema.migration;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the versions of an extension as SQL that registers them. */
final class ExtensionExport {
  /** In the order of the function's parameters. */
  private static final List<String> LISTS =
      List.of(
          "names",
          "tables",
          "functions",
          "shared_functions",
          "indexes",
          "privileges",
          "shared",
          "builds");

  private final Target target;
  private final String extension;

  ExtensionExport(Target target, String extension) {
    this.target = target;
    this.extension = extension;
  }

  private record Version(
      long number, String file, String checksum, String template, List<List<String>> lists) {}

  /** What the database knows. */
  String of(Connection connection) throws SQLException {
    List<Version> versions =
        Jdbc.query(connection, Resources.read("agents/export.sql"), this::version, extension);
    if (versions.isEmpty()) {
      throw new SchemaException(
          Reason.UNKNOWN_VERSION,
          "No version of extension " + extension + " is registered.",
          "Look into the table agent_templates for what is; AgentMigrations registers.");
    }
    return text(versions);
  }

  /** What its files hold. */
  String of(List<ExtensionVersion> versions) {
    return text(versions.stream().map(ExtensionExport::version).toList());
  }

  private String text(List<Version> versions) {
    String schema = '"' + target.privateSchema().replace("\"", "\"\"") + '"';
    return Resources.read("agents/export_begin.sql")
            .replace("{extension}", extension)
            .replace("{schema}", schema)
        + versions.stream().map(this::text).collect(Collectors.joining())
        + Resources.read("agents/export_end.sql").replace("{extension}", literal(extension));
  }

  private Version version(ResultSet row) throws SQLException {
    List<List<String>> lists = new ArrayList<>();
    for (String column : LISTS) {
      lists.add(Jdbc.texts(row, column));
    }
    return new Version(
        row.getLong("version"),
        row.getString("file"),
        row.getString("checksum"),
        row.getString("template"),
        lists);
  }

  private static Version version(ExtensionVersion version) {
    VersionParts parts = version.parts();
    return new Version(
        version.version(),
        version.script().path(),
        version.script().checksum(),
        parts.template(),
        List.of(
            version.names(),
            version.tables(),
            version.functions(),
            parts.sharedFunctions(),
            parts.indexes(),
            parts.privileges(),
            parts.shared(),
            parts.builds()));
  }

  private String text(Version version) {
    List<String> lists = version.lists().stream().map(ExtensionExport::array).toList();
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
            version.file().replaceAll("\\s", " "),
            literal(extension),
            version.number(),
            literal(version.file()),
            literal(version.checksum()),
            text(version.template()),
            lists.get(0),
            lists.get(1),
            lists.get(2),
            lists.get(3),
            lists.get(4),
            lists.get(5),
            lists.get(6),
            lists.get(7));
  }

  private static String array(List<String> values) {
    return values.stream()
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
