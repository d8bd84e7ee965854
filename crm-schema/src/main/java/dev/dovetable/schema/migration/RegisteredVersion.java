package dev.dovetable.schema.migration;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.SqlErrors;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * A version of an extension that the database knows.
 *
 * @param tables those that it makes
 * @param functions those that it makes for each agent
 * @param replaced the checksums of the texts that it had before
 */
record RegisteredVersion(
    String extension,
    int version,
    String file,
    String checksum,
    List<String> tables,
    List<String> functions,
    List<String> replaced) {

  /** All of them; one round trip. */
  static List<RegisteredVersion> all(Connection connection, Target target) throws SQLException {
    try {
      return Jdbc.query(
          connection,
          Resources.read("agents/registered.sql"),
          row ->
              new RegisteredVersion(
                  row.getString("extension"),
                  row.getInt("version"),
                  row.getString("file"),
                  row.getString("checksum"),
                  Jdbc.texts(row, "tables"),
                  Jdbc.texts(row, "functions"),
                  Jdbc.texts(row, "replaced")));
    } catch (SQLException e) {
      if (SqlErrors.isUndefinedTable(e)) {
        throw notInstalled(target, e);
      }
      throw e;
    }
  }

  static SchemaException notInstalled(Target target, SQLException e) {
    return new SchemaException(
        Reason.NOT_CURRENT,
        "Schema " + target.schema() + " isn't installed, or without schema/extensions.sql.",
        "Run CrmSchema.install first, as the owner of the schema, or that file by psql. Is it"
            + " installed in another schema, say so: AgentMigrations.builder(…).schema(…).",
        e);
  }

  String label() {
    return extension + " " + version;
  }

  /** Throws if an application has another text under this number. */
  void requireSame(ExtensionVersion own) {
    String text = own.script().checksum();
    if (replaced.contains(text)) {
      throw new SchemaException(
          Reason.EDITED_SCRIPT,
          "Version %d of extension %s was replaced in the database, and %s holds the text of before."
              .formatted(version, extension, own.script().path()),
          "Use the release of the application that has the file as it was replaced.");
    }
    if (!text.equals(checksum)) {
      throw new SchemaException(
          Reason.EDITED_SCRIPT,
          "Version %d of extension %s was registered from %s, and %s holds something else."
              .formatted(version, extension, file, own.script().path()),
          "Put the released file back, and make the change in a new file with the next number. What"
              + " failed for some agents may be replaced for them, by RegisteredVersions.");
    }
  }
}
