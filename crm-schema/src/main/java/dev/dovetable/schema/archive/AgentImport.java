package dev.dovetable.schema.archive;

import dev.dovetable.schema.internal.agents.TrialAgent;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.SqlErrors;
import dev.dovetable.schema.internal.jdbc.SqlStates;
import dev.dovetable.schema.internal.jdbc.Transaction;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an agent of an archive: first the agent, in the queue in which agents are made, then in one
 * transaction all that it has. Not thread-safe, like its connection.
 */
final class AgentImport {
  private static final Logger log = LoggerFactory.getLogger(AgentImport.class);

  private final Connection connection;
  private final ArchiveSettings settings;
  private final String prefix;
  private final ArchiveReader archive;
  private final ImportOptions options;

  AgentImport(
      Connection connection,
      ArchiveSettings settings,
      String prefix,
      ArchiveReader archive,
      ImportOptions options) {
    this.connection = connection;
    this.settings = settings;
    this.prefix = prefix;
    this.archive = archive;
    this.options = options;
  }

  ImportReport run() throws SQLException, IOException {
    long begin = System.nanoTime();
    NewAgent agent = new NewAgent(connection, settings, prefix, archive.manifest(), options);
    try {
      NewAgent.Made made = agent.make();
      ImportReport report;
      try {
        report = load(agent, made, begin);
      } catch (SQLException e) {
        takeBack(agent, made.id(), e);
        if (isAboutRows(e)) {
          throw ArchiveReader.refused("the database refuses its rows: " + SqlErrors.words(e));
        }
        throw e;
      } catch (IOException | RuntimeException e) {
        takeBack(agent, made.id(), e);
        throw e;
      }
      analyze(made);
      return report;
    } finally {
      releaseIfAlive(agent);
    }
  }

  /** The server's own words quote them, in details and in where it was, so they are no cause. */
  private static boolean isAboutRows(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith(SqlStates.CLASS_DATA)
        || state.startsWith(SqlStates.CLASS_INTEGRITY)
        || state.equals(SqlStates.PROGRAM_LIMIT)
        || state.equals(SqlStates.RAISE_EXCEPTION);
  }

  private void takeBack(NewAgent agent, long id, Exception cause) {
    try {
      agent.remove(id);
    } catch (SQLException e) {
      cause.addSuppressed(e); // its entry in the ledger says what it is
    }
  }

  private void releaseIfAlive(NewAgent agent) throws SQLException {
    try {
      agent.release();
    } catch (SQLException e) {
      // The server lets go of the locks of a connection that it has lost.
      if (!SqlErrors.isUnreachable(e) && !connection.isClosed()) {
        throw e;
      }
    }
  }

  private ImportReport load(NewAgent agent, NewAgent.Made made, long begin)
      throws SQLException, IOException {
    try (Transaction transaction =
        Transaction.begin(connection, settings.target().privateSchema(), false)) {
      TrialAgent.usePath(connection, settings.target());
      List<ArchivedTable> tables = new RowLoad(connection, settings, agent, made, archive).run();
      String id = Long.toString(made.id());
      Jdbc.run(connection, Sql.read("unmark.sql"), id);
      int migrated =
          Jdbc.querySingle(
              connection, Sql.read("migrate.sql"), row -> row.getInt("versions"), id, prefix);
      if (!archive.manifest().hasMessages()) {
        rebuildState(id);
      }
      Belongings belongings = Belongings.give(connection, archive.manifest(), made.id(), options);
      transaction.complete();
      return new ImportReport(
          prefix,
          made.id(),
          tables,
          migrated,
          belongings.numbersTaken(),
          belongings.membersMissing(),
          belongings.isConfigured(),
          made.obstacles().namingAgents(),
          Duration.ofNanos(System.nanoTime() - begin));
    }
  }

  /** It was that of messages which are not there. */
  private void rebuildState(String id) throws SQLException {
    List<String> calls =
        Jdbc.query(
            connection, Sql.read("rebuild_state.sql"), row -> row.getString("call"), id, prefix);
    for (String call : calls) {
      Jdbc.execute(connection, call);
    }
  }

  /** The rows are there, whatever becomes of this. */
  private void analyze(NewAgent.Made made) {
    try {
      Jdbc.execute(
          connection,
          Sql.fill("analyze.sql", Map.of("tables", AgentTable.names(made.tables().values()))));
    } catch (SQLException e) {
      log.debug("Agent {} is imported, and its tables could not be analysed", prefix, e);
    }
  }
}
