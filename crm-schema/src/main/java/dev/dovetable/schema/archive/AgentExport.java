package dev.dovetable.schema.archive;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.internal.agents.TrialAgent;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.SqlErrors;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** Reads one agent in one snapshot. Not thread-safe, like its connection. */
final class AgentExport {
  private final Connection connection;
  private final ArchiveSettings settings;
  private final String prefix;
  private final ExportOptions options;

  AgentExport(
      Connection connection, ArchiveSettings settings, String prefix, ExportOptions options) {
    this.connection = connection;
    this.settings = settings;
    this.prefix = prefix;
    this.options = options;
  }

  ExportReport run(OutputStream out, int level) throws SQLException, IOException {
    long begin = System.nanoTime();
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try {
      usePath();
      try {
        Jdbc.run(connection, Sql.read("keep.sql"), settings.lockMilliseconds(), prefix);
        connection.commit();
        List<ArchivedTable> tables = write(out, level);
        return new ExportReport(prefix, tables, Duration.ofNanos(System.nanoTime() - begin));
      } finally {
        letGo();
      }
    } finally {
      if (autoCommit && !connection.isClosed()) {
        connection.setAutoCommit(true);
      }
    }
  }

  /** What a lost connection has held, the server lets go by itself. */
  private void letGo() throws SQLException {
    if (connection.isClosed()) {
      return;
    }
    connection.rollback();
    usePath();
    Jdbc.run(connection, Sql.read("let_go.sql"), prefix);
    connection.commit();
  }

  private void usePath() throws SQLException {
    TrialAgent.usePath(connection, settings.target());
  }

  private List<ArchivedTable> write(OutputStream out, int level) throws SQLException, IOException {
    begin();
    Manifest manifest = manifest();
    // Whoever has read agents, which only the manifest does, keeps every agent from being deleted.
    connection.commit();
    begin();
    Progress progress = new Progress(settings.listener(), manifest.tables());
    ArchiveWriter writer = new ArchiveWriter(out, settings.key(), level);
    writer.manifest(manifest.text().getBytes(StandardCharsets.UTF_8));
    CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
    Map<String, AgentTable> tables =
        AgentTable.read(
            connection, prefix, manifest.tables().stream().map(Manifest.Table::suffix).toList());
    for (Manifest.Table table : manifest.tables()) {
      AgentTable found = tables.get(table.suffix());
      if (found == null || !found.columns().equals(table.labels())) {
        throw new SchemaException(
            Reason.LOCKED,
            "Table %s_%s was changed meanwhile.".formatted(prefix, table.suffix()),
            "Try again.");
      }
      String sql =
          Sql.fill("copy_out.sql", Map.of("columns", found.quotedColumns(), "table", found.name()));
      writer.<SQLException>table(
          table.suffix(), progress.of(table), rows -> copy.copyOut(sql, rows));
      progress.done(table);
    }
    return writer.finish();
  }

  private void begin() throws SQLException {
    Jdbc.run(connection, Sql.read("snapshot.sql"));
    usePath();
    Jdbc.run(connection, Sql.read("settings.sql"));
    takeRole();
  }

  /** The owner's rights, or the service's. */
  private void takeRole() throws SQLException {
    boolean isOwner =
        Jdbc.querySingle(connection, Sql.read("is_owner.sql"), row -> row.getBoolean("is_owner"));
    try {
      Jdbc.run(connection, Sql.read(isOwner ? "as_owner.sql" : "as_service.sql"));
    } catch (SQLException e) {
      if (!SqlErrors.isMissingRight(e)) {
        throw e;
      }
      throw new SchemaException(
          Reason.MISSING_RIGHTS,
          "This login may not read all of agent %s.".formatted(prefix),
          "Connect as the role that installed, or as a member of service_role.",
          e);
    }
  }

  private Manifest manifest() throws SQLException {
    List<String> obstacles =
        Jdbc.query(connection, Sql.read("obstacles.sql"), row -> row.getString("reason"), prefix);
    List<String> texts =
        Jdbc.query(
            connection,
            Sql.read("manifest.sql"),
            row -> row.getString("manifest"),
            Boolean.toString(options.secrets()),
            Boolean.toString(options.messages()),
            prefix);
    if (texts.isEmpty()) {
      throw new SchemaException(
          Reason.UNKNOWN_AGENT,
          "There is no agent " + prefix + ".",
          "Look for its prefix in the list of agents.");
    }
    if (!obstacles.isEmpty()) {
      throw new SchemaException(
          Reason.NOT_CURRENT,
          "Agent %s can't be archived: %s."
              .formatted(prefix, obstacles.stream().collect(Collectors.joining("; "))),
          "Have the doctor look at it, and try again.");
    }
    byte[] bytes = texts.get(0).getBytes(StandardCharsets.UTF_8);
    if (bytes.length > Manifest.MAX_BYTES) {
      throw new SchemaException(
          Reason.EXPORT_FAILED,
          "The manifest of agent %s would have %d bytes, and %d is the most."
              .formatted(prefix, bytes.length, Manifest.MAX_BYTES),
          "Give up numbers and members that are not in use.");
    }
    try {
      return Manifest.read(bytes);
    } catch (Json.Malformed e) {
      throw new IllegalStateException("the server's own JSON: " + e.getMessage(), e);
    }
  }
}
