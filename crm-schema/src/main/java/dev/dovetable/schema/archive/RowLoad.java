package dev.dovetable.schema.archive;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.internal.agents.TrialAgent;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Loads all rows within a transaction of the caller's: triggers are silent, and keys and indexes
 * are made again behind the rows, so that tables may come in any order. Not thread-safe.
 */
final class RowLoad {
  private static final String FOREIGN_KEY = "f";
  private static final String COMMENT = "c";

  /** A primary key, a unique or an exclusion constraint, or an index: of one table alone. */
  private static final Predicate<Rebuilt> OF_A_TABLE =
      one -> !one.kind().equals(FOREIGN_KEY) && !one.kind().equals(COMMENT);

  private final Connection connection;
  private final ArchiveSettings settings;
  private final NewAgent agent;
  private final NewAgent.Made made;
  private final ArchiveReader archive;
  private final CopyManager copy;

  RowLoad(
      Connection connection,
      ArchiveSettings settings,
      NewAgent agent,
      NewAgent.Made made,
      ArchiveReader archive)
      throws SQLException {
    this.connection = connection;
    this.settings = settings;
    this.agent = agent;
    this.made = made;
    this.archive = archive;
    this.copy = connection.unwrap(PGConnection.class).getCopyAPI();
  }

  /** What is dropped ahead of the rows and made again behind them. */
  private record Rebuilt(String relation, String kind, String undo, String redo) {}

  List<ArchivedTable> run() throws SQLException, IOException {
    Collection<AgentTable> tables = made.tables().values();
    String oids = AgentTable.oids(tables);
    Jdbc.run(connection, Sql.read("settings.sql"));
    Jdbc.run(connection, Sql.read("begin_load.sql"), settings.lockMilliseconds());
    Map<String, String> names =
        Map.of(
            "tables", AgentTable.names(tables),
            "customers", table("customers").name(),
            "agent_id", Long.toString(made.id()));
    Jdbc.execute(connection, Sql.fill("empty.sql", names));
    if (agent.size(made.tables()) != made.size()) {
      throw new SchemaException(
          Reason.LOCKED,
          "Somebody wrote into the new agent's tables while it was being imported.",
          "The agent was removed again; try once more.");
    }
    List<Rebuilt> rebuilt =
        Jdbc.query(
            connection,
            Sql.read("rebuild.sql"),
            row ->
                new Rebuilt(
                    row.getString("relation"),
                    row.getString("kind"),
                    row.getString("undo"),
                    row.getString("redo")),
            oids);
    List<String> triggers =
        Jdbc.query(connection, Sql.read("triggers.sql"), row -> row.getString("redo"), oids);
    List<Serial> serials = serials(oids);
    for (AgentTable table : tables) {
      Jdbc.execute(connection, Sql.fill("silence.sql", Map.of("table", table.name())));
    }
    // A version may have put rows into its new tables; those of the archive are all there are.
    Jdbc.execute(connection, Sql.fill("truncate.sql", names));
    undo(rebuilt, one -> one.kind().equals(FOREIGN_KEY));
    undo(rebuilt, OF_A_TABLE);
    TrialAgent.usePath(connection, settings.target());

    List<ArchivedTable> read = copyAll(rebuilt);
    Jdbc.execute(connection, Sql.fill("no_default.sql", names));
    redo(rebuilt, one -> one.kind().equals(FOREIGN_KEY));
    redo(rebuilt, one -> one.kind().equals(COMMENT));
    for (Serial serial : serials) {
      set(serial);
    }
    checkTotals();
    for (String trigger : triggers) {
      Jdbc.execute(connection, trigger);
    }
    return read;
  }

  private AgentTable table(String suffix) {
    return Optional.ofNullable(made.tables().get(suffix))
        .orElseThrow(() -> new IllegalStateException("an agent without " + suffix));
  }

  private List<ArchivedTable> copyAll(List<Rebuilt> rebuilt) throws SQLException, IOException {
    Progress progress = new Progress(settings.listener(), archive.manifest().tables());
    Optional<Manifest.Table> next = archive.nextTable();
    while (next.isPresent()) {
      Manifest.Table archived = next.get();
      AgentTable table = table(archived.suffix());
      String sql =
          Sql.fill(
              "copy_in.sql", Map.of("table", table.name(), "columns", columns(archived, table)));
      archive.<SQLException>rows(
          archived, progress.of(archived), rows -> copy.copyIn(sql, rows, 1 << 16));
      redo(rebuilt, OF_A_TABLE.and(one -> one.relation().equals(table.oid())));
      progress.done(archived);
      next = archive.nextTable();
    }
    List<ArchivedTable> read = archive.finish();
    // Of tables that were left out.
    for (AgentTable table : made.tables().values()) {
      if (read.stream().noneMatch(one -> one.name().equals(table.suffix()))) {
        redo(rebuilt, OF_A_TABLE.and(one -> one.relation().equals(table.oid())));
      }
    }
    return read;
  }

  /** In the archive's order, by the names that the catalogue has, quoted. */
  private static String columns(Manifest.Table archived, AgentTable table) {
    Map<String, String> quoted = new HashMap<>();
    for (int i = 0; i < table.columns().size(); i++) {
      quoted.put(table.columns().get(i), table.quoted().get(i));
    }
    return String.join(", ", archived.labels().stream().map(quoted::get).toList());
  }

  private void undo(List<Rebuilt> rebuilt, Predicate<Rebuilt> which) throws SQLException {
    for (Rebuilt one : rebuilt) {
      if (which.test(one)) {
        Jdbc.execute(connection, one.undo());
      }
    }
  }

  private void redo(List<Rebuilt> rebuilt, Predicate<Rebuilt> which) throws SQLException {
    for (Rebuilt one : rebuilt) {
      if (which.test(one)) {
        Jdbc.execute(connection, one.redo());
      }
    }
  }

  /** A column that draws ids. */
  private record Serial(String relation, String name, String quoted) {}

  private List<Serial> serials(String oids) throws SQLException {
    return Jdbc.query(
        connection,
        Sql.read("serials.sql"),
        row ->
            new Serial(row.getString("relation"), row.getString("name"), row.getString("quoted")),
        oids);
  }

  private void set(Serial serial) throws SQLException {
    for (AgentTable table : made.tables().values()) {
      if (table.oid().equals(serial.relation())) {
        String archived =
            archive.manifest().tables().stream()
                .filter(one -> one.suffix().equals(table.suffix()))
                .filter(one -> one.sequences().containsKey(serial.name()))
                .map(one -> Long.toString(one.sequences().get(serial.name())))
                .findFirst()
                .orElse("");
        Jdbc.run(
            connection,
            Sql.fill("sequence.sql", Map.of("column", serial.quoted(), "table", table.name())),
            table.name(),
            serial.name(),
            archived);
      }
    }
  }

  private void checkTotals() throws SQLException {
    long wrong =
        Jdbc.querySingle(
            connection,
            Sql.fill(
                "totals.sql",
                Map.of("orders", table("orders").name(), "items", table("orders_items").name())),
            row -> row.getLong("orders"));
    if (wrong > 0) {
      throw ArchiveReader.refused(
          wrong + (wrong == 1 ? " order has" : " orders have") + " another total than its items");
    }
  }
}
