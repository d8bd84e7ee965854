package dev.dovetable.schema.internal.jdbc;

import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What the catalogues and the history say; nothing is concluded yet. */
public record Probe(
    int serverVersion,
    String currentRole,
    String database,
    String encoding,
    Optional<String> renameStatement,
    List<String> squattedSchemas,
    List<String> squattedRemedies,
    boolean schemaExists,
    String loginRole,
    boolean loginExists,
    boolean loginLacksRole,
    List<String> existingRoles,
    boolean historyExists,
    boolean historyReadable,
    boolean ledgerReadable,
    List<String> baseTables,
    boolean hasVerifyToken,
    boolean hasOrdersWithoutTotal,
    boolean isPrivateSchemaForeign,
    List<String> foreignFindings,
    List<String> missingObjects,
    List<String> missingAbilities,
    List<String> filesNotRun,
    List<String> missingRights,
    List<Installed> history,
    int agentsBehind) {

  /** A row of the history. */
  public record Installed(int version, String script, String checksum) {}

  /**
   * One round trip, and two more where there is an installation. Expects the private schema as
   * search_path.
   */
  public static Probe read(Connection connection, Target target) throws SQLException {
    Probe findings =
        Jdbc.querySingle(
            connection,
            Resources.read("installer/probe.sql"),
            Probe::fromRow,
            target.schema(),
            target.privateSchema(),
            target.loginRoleOrEmpty());
    return findings.historyReadable
        ? findings.with(readHistory(connection), findings.canCount() ? count(connection) : 0)
        : findings;
  }

  /** The function of a schema that was renamed finds no tables. */
  private boolean canCount() {
    return ledgerReadable && !isPrivateSchemaForeign;
  }

  private static int count(Connection connection) throws SQLException {
    return Jdbc.querySingle(
        connection, Resources.read("agents/count_outdated.sql"), row -> row.getInt("agents"));
  }

  private static List<Installed> readHistory(Connection connection) throws SQLException {
    return Jdbc.query(
        connection,
        Resources.read("installer/history_read.sql"),
        row ->
            new Installed(
                row.getInt("version"), row.getString("script"), row.getString("checksum")));
  }

  private static Probe fromRow(ResultSet row) throws SQLException {
    return new Probe(
        row.getInt("server_version"),
        row.getString("current_role"),
        row.getString("database"),
        row.getString("encoding"),
        Optional.ofNullable(row.getString("rename_statement")),
        Jdbc.texts(row, "squatted_schemas"),
        Jdbc.texts(row, "squatted_remedies"),
        row.getBoolean("schema_exists"),
        row.getString("login_role"),
        row.getBoolean("login_exists"),
        row.getBoolean("login_lacks_role"),
        Jdbc.texts(row, "existing_roles"),
        row.getBoolean("history_exists"),
        row.getBoolean("history_readable"),
        row.getBoolean("ledger_readable"),
        Jdbc.texts(row, "base_tables"),
        row.getBoolean("has_verify_token"),
        row.getBoolean("has_orders_without_total"),
        row.getBoolean("is_private_schema_foreign"),
        Jdbc.texts(row, "foreign_findings"),
        Jdbc.texts(row, "missing_objects"),
        Jdbc.texts(row, "missing_abilities"),
        Jdbc.texts(row, "files_not_run"),
        Jdbc.texts(row, "missing_rights"),
        List.of(),
        0);
  }

  private Probe with(List<Installed> rows, int agentsBehind) {
    return new Probe(
        serverVersion,
        currentRole,
        database,
        encoding,
        renameStatement,
        squattedSchemas,
        squattedRemedies,
        schemaExists,
        loginRole,
        loginExists,
        loginLacksRole,
        existingRoles,
        historyExists,
        historyReadable,
        ledgerReadable,
        baseTables,
        hasVerifyToken,
        hasOrdersWithoutTotal,
        isPrivateSchemaForeign,
        foreignFindings,
        missingObjects,
        missingAbilities,
        filesNotRun,
        missingRights,
        rows,
        agentsBehind);
  }
}
