package dev.dovetable.schema.doctor;

import dev.dovetable.schema.doctor.AgentSnapshot.Agent;
import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.doctor.Finding.Severity;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares the state of conversations with their messages, of agents that have an inbox. */
final class ConversationsCheck {
  private static final String SAMPLE = "20";
  private static final String ALL = Integer.toString(Integer.MAX_VALUE);

  /** A statement locks three tables and their indexes for each agent. */
  private static final int AGENTS_PER_STATEMENT = 25;

  private final Connection connection;
  private final DoctorSettings settings;

  ConversationsCheck(Connection connection, DoctorSettings settings) {
    this.connection = connection;
    this.settings = settings;
  }

  /** Three round trips for 25 agents, five if they have an inbox. */
  List<Finding> run(AgentSnapshot snapshot) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    if (settings.orderTotals() == OrderTotals.NONE) {
      return findings;
    }
    boolean isFull = settings.orderTotals() == OrderTotals.FULL;
    int step = isFull ? 1 : AGENTS_PER_STATEMENT;
    List<Agent> agents = snapshot.agents();
    for (int from = 0; from < agents.size(); from += step) {
      try (Transaction transaction =
          Transaction.begin(connection, settings.target().privateSchema(), true)) {
        DoctorSession.usePath(transaction.connection(), settings.target());
        findings.addAll(of(agents.subList(from, Math.min(agents.size(), from + step))));
      }
    }
    return findings;
  }

  /** Within a transaction, with the functions' search_path. */
  List<Finding> of(List<Agent> agents) throws SQLException {
    Optional<String> query =
        query(agents, settings.orderTotals() == OrderTotals.FULL ? ALL : SAMPLE);
    return query.isPresent()
        ? Jdbc.query(connection, query.get(), ConversationsCheck::read)
        : List.of();
  }

  private Optional<String> query(List<Agent> agents, String newest) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(Resources.read("doctor/conversations_query.sql"))) {
      statement.setArray(
          1, connection.createArrayOf("bigint", agents.stream().map(Agent::id).toArray()));
      statement.setArray(
          2, connection.createArrayOf("text", agents.stream().map(Agent::prefix).toArray()));
      statement.setString(3, newest);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.ofNullable(rows.getString("query")) : Optional.empty();
      }
    }
  }

  private static Finding read(ResultSet row) throws SQLException {
    String prefix = row.getString("prefix");
    return new Finding(
        Code.CONVERSATION_STATE,
        Severity.ERROR,
        Optional.of(prefix),
        prefix + "_conversations",
        "the state of conversations is not what their messages make of it",
        "Something went past the triggers. A repair computes all of this agent's conversations from"
            + " their messages; what people have set stays.",
        List.of(row.getString("rebuild")));
  }
}
