package dev.dovetable.schema.doctor;

import dev.dovetable.schema.internal.agents.TrialAgent;
import dev.dovetable.schema.internal.agents.TrialAgent.Breach;
import dev.dovetable.schema.internal.catalog.Blueprint;
import dev.dovetable.schema.internal.catalog.Blueprint.Expected;
import dev.dovetable.schema.internal.catalog.Blueprint.Name;
import dev.dovetable.schema.internal.catalog.FreshObjects;
import dev.dovetable.schema.internal.catalog.ObjectKind;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.Retry;
import dev.dovetable.schema.internal.jdbc.SqlErrors;
import dev.dovetable.schema.internal.jdbc.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes agents, reads what they have, and takes them back. As long as that takes, no other agent
 * can be made and no row of agents be changed.
 */
final class FreshAgents {
  private final Connection connection;
  private final DoctorSettings settings;
  private final TrialAgent agent;

  private FreshAgents(Connection connection, DoctorSettings settings) {
    this.connection = connection;
    this.settings = settings;
    this.agent = new TrialAgent(connection, settings.target());
  }

  /**
   * How agents should be.
   *
   * @param blueprint of those states in which an agent could be made
   * @param breaches what extensions have taken away from those
   * @param failure why one couldn't be made, if that is so
   */
  record Made(Blueprint blueprint, Set<Breach> breaches, Optional<SQLException> failure) {}

  /**
   * How agents in these states should be. At least one agent must exist. Tried again while somebody
   * holds a lock.
   */
  static Made make(Connection connection, DoctorSettings settings, Collection<String> states)
      throws SQLException {
    FreshAgents fresh = new FreshAgents(connection, settings);
    return Retry.onConflict(settings.giveUpAfter(), () -> fresh.make(states));
  }

  private Made make(Collection<String> states) throws SQLException {
    // Never completed: all of it is undone.
    try (Transaction transaction =
        Transaction.begin(connection, settings.target().privateSchema(), false)) {
      DoctorSession.usePath(connection, settings.target());
      TrialAgent.enter(connection, settings.lockTimeout());
      Set<Name> relations = new LinkedHashSet<>();
      List<Name> functions = functions();
      List<Expected> expected = new ArrayList<>();
      Set<Breach> breaches = new LinkedHashSet<>();
      Optional<SQLException> failure = Optional.empty();
      for (String state : states) {
        Savepoint before = transaction.connection().setSavepoint();
        try {
          List<Name> own = makeOne(state);
          breaches.addAll(agent.breaches());
          List<String> makeTables = makeTables();
          for (Expected one : FreshObjects.read(connection, state, own, functions, List.of())) {
            expected.add(one.kind() == ObjectKind.TABLE ? one.madeBy(makeTables) : one);
          }
          relations.addAll(own);
        } catch (SQLException e) {
          if (SqlErrors.isConflict(e) || SqlErrors.isUnreachable(e)) {
            throw e;
          }
          failure = Optional.of(e);
        }
        connection.rollback(before);
      }
      return new Made(
          new Blueprint(
              agent.prefix(), agent.id(), List.copyOf(relations), functions, List.of(), expected),
          breaches,
          failure);
    }
  }

  private List<Name> makeOne(String state) throws SQLException {
    agent.make(state);
    return Jdbc.query(
        connection,
        Resources.read("doctor/fresh_relations.sql"),
        row -> new Name(settings.target().schema(), row.getString("name")),
        agent.prefix(),
        String.join(",", DoctorSession.tableSuffixes(connection)));
  }

  /** What extensions may make, whether the agent has it or not. */
  private List<Name> functions() throws SQLException {
    return Jdbc.query(
        connection,
        Resources.read("doctor/own_functions.sql"),
        row -> new Name(settings.target().privateSchema(), row.getString("name")),
        agent.prefix());
  }

  private List<String> makeTables() throws SQLException {
    return Jdbc.querySingle(
        connection,
        Resources.read("doctor/make_tables.sql"),
        row -> Jdbc.texts(row, "statements"),
        agent.id(),
        settings.target().schema(),
        agent.prefix(),
        agent.id());
  }
}
