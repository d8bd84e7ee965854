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
import java.util.Locale;
import java.util.Optional;

/** Compares orders' totals with the sums of their items. */
final class OrderTotalsCheck {
  private static final String SAMPLE = "20";
  private static final String ALL = "all";

  /** A statement locks two tables and their indexes for each agent. */
  private static final int AGENTS_PER_STATEMENT = 50;

  private final Connection connection;
  private final DoctorSettings settings;

  OrderTotalsCheck(Connection connection, DoctorSettings settings) {
    this.connection = connection;
    this.settings = settings;
  }

  /** Five round trips for fifty agents, and for each agent if all orders are added up. */
  List<Finding> run(AgentSnapshot snapshot) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    if (settings.orderTotals() == OrderTotals.NONE) {
      return findings;
    }
    boolean isFull = settings.orderTotals() == OrderTotals.FULL;
    // One agent at a time where it may take long, because none of them can be deleted meanwhile.
    int step = isFull ? 1 : AGENTS_PER_STATEMENT;
    List<Agent> agents = snapshot.agents();
    for (int from = 0; from < agents.size(); from += step) {
      List<Agent> some = agents.subList(from, Math.min(agents.size(), from + step));
      findings.addAll(addUp(some, isFull ? ALL : SAMPLE));
    }
    return findings;
  }

  private List<Finding> addUp(List<Agent> agents, String orders) throws SQLException {
    try (Transaction transaction =
        Transaction.begin(connection, settings.target().privateSchema(), true)) {
      DoctorSession.usePath(transaction.connection(), settings.target());
      Optional<String> query = query(agents, orders);
      if (query.isEmpty()) {
        return List.of();
      }
      Jdbc.run(connection, Resources.read("doctor/no_path.sql"));
      return Jdbc.query(connection, query.get(), OrderTotalsCheck::read);
    }
  }

  private Optional<String> query(List<Agent> agents, String orders) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(Resources.read("doctor/totals_query.sql"))) {
      statement.setArray(
          1, connection.createArrayOf("bigint", agents.stream().map(Agent::id).toArray()));
      statement.setArray(
          2, connection.createArrayOf("text", agents.stream().map(Agent::prefix).toArray()));
      statement.setString(3, orders);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.ofNullable(rows.getString("query")) : Optional.empty();
      }
    }
  }

  private static Finding read(ResultSet row) throws SQLException {
    String prefix = row.getString("prefix");
    String table = prefix + "_orders";
    long first = row.getLong("first_id");
    return new Finding(
        Code.ORDER_TOTAL,
        Severity.ERROR,
        Optional.of(prefix),
        table,
        String.format(
            Locale.ROOT,
            "%d of the orders looked at have a total that is not the sum of their items; the first has id %d",
            row.getLong("orders"),
            first),
        String.format(
            Locale.ROOT,
            "Nothing is done about it, because that would touch data: find out why, then have the trigger"
                + " compute them again, for example: update %s set total_amount = null where id >= %d;",
            table,
            first),
        List.of());
  }
}
