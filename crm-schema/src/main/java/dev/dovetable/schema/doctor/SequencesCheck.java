package dev.dovetable.schema.doctor;

import dev.dovetable.schema.doctor.AgentSnapshot.Agent;
import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.doctor.Finding.Severity;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.Transaction;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Compares sequences with the ids that the rows of their tables have. */
final class SequencesCheck {
  private static final String QUERY = "doctor/sequences_query.sql";
  private static final String SLOT = "{sequences}";

  /** A statement locks each table of an agent with its indexes and its sequence. */
  private static final int AGENTS_PER_STATEMENT = 25;

  private final Connection connection;
  private final Target target;

  SequencesCheck(Connection connection, Target target) {
    this.connection = connection;
    this.target = target;
  }

  /** Four round trips for the tables that all share, and four for every 25 agents. */
  List<Finding> run(AgentSnapshot snapshot) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    try (Transaction transaction = Transaction.begin(connection, target.privateSchema(), true)) {
      findings.addAll(new SequencesCheck(transaction.connection(), target).shared());
    }
    List<Agent> agents = snapshot.agents();
    for (int from = 0; from < agents.size(); from += AGENTS_PER_STATEMENT) {
      List<Agent> some = agents.subList(from, Math.min(agents.size(), from + AGENTS_PER_STATEMENT));
      try (Transaction transaction = Transaction.begin(connection, target.privateSchema(), true)) {
        findings.addAll(new SequencesCheck(transaction.connection(), target).of(some));
      }
    }
    return findings;
  }

  /** Those of the tables that all agents share; within a transaction. */
  List<Finding> shared() throws SQLException {
    return examine(List.of(), List.of());
  }

  /** Those of agents' own tables; within a transaction. */
  List<Finding> of(List<Agent> agents) throws SQLException {
    DoctorSession.usePath(connection, target);
    return agents.isEmpty() ? List.of() : examine(agents, DoctorSession.tableSuffixes(connection));
  }

  private List<Finding> examine(List<Agent> agents, List<String> suffixes) throws SQLException {
    Jdbc.run(connection, Resources.read("doctor/no_path.sql"));
    Optional<String> query = query(agents, suffixes);
    return query.isEmpty()
        ? List.of()
        : Jdbc.query(
            connection,
            Resources.read("doctor/sequences.sql").replace(SLOT, query.get()),
            this::read);
  }

  private Optional<String> query(List<Agent> agents, List<String> suffixes) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Resources.read(QUERY))) {
      statement.setString(1, target.schema());
      statement.setString(2, target.privateSchema());
      statement.setArray(
          3, connection.createArrayOf("text", agents.stream().map(Agent::prefix).toArray()));
      statement.setArray(4, connection.createArrayOf("text", suffixes.toArray()));
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.ofNullable(rows.getString("query")) : Optional.empty();
      }
    }
  }

  private Finding read(ResultSet row) throws SQLException {
    Optional<String> prefix = Optional.ofNullable(row.getString("prefix"));
    String sequence = row.getString("sequence");
    String table = row.getString("table_name");
    String column = row.getString("column_name");
    return switch (row.getString("kind")) {
      // Without numbers: the same is found again, for a repair, while rows are inserted.
      case "behind" ->
          new Finding(
              Code.SEQUENCE_BEHIND,
              Severity.ERROR,
              prefix,
              sequence,
              "it is behind the greatest %s of %s, as after an import that passed ids, so that inserts fail"
                      .formatted(column, table)
                  + " on the primary key",
              Verdicts.REPAIR,
              List.of(row.getString("statement")));
      case "ahead" ->
          new Finding(
              Code.SEQUENCE_AHEAD,
              Severity.WARNING,
              prefix,
              sequence,
              String.format(
                  Locale.ROOT,
                  "it is %d ahead of the greatest %s of %s: rows were deleted, inserts have failed, or somebody"
                      + " has used ids up",
                  row.getLong("reached"),
                  column,
                  table),
              "If it is to go back, while nobody inserts: " + row.getString("statement") + ";",
              List.of());
      default -> capacity(row, prefix, sequence, table, column);
    };
  }

  private static Finding capacity(
      ResultSet row, Optional<String> prefix, String sequence, String table, String column)
      throws SQLException {
    long reached = row.getLong("reached");
    long possible = row.getLong("greatest_possible");
    return new Finding(
        Code.CAPACITY_IDS,
        reached == possible ? Severity.ERROR : Severity.WARNING,
        prefix,
        sequence,
        String.format(
            Locale.ROOT,
            "%s of %s has come to %d, and %d is the last one",
            column,
            table,
            reached,
            possible),
        "Have it go on where ids are free for long enough, for example below zero: alter sequence … minvalue … restart"
            + " with …; or give what is to come an agent of its own.",
        List.of());
  }
}
