package dev.dovetable.schema.doctor;

import dev.dovetable.schema.doctor.Blueprint.Expected;
import dev.dovetable.schema.doctor.Blueprint.Name;
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
import java.util.concurrent.ThreadLocalRandom;

/**
 * Makes agents, reads what they have, and takes them back. As long as that takes, no other agent
 * can be made and no row of agents be changed.
 */
final class FreshAgents {
  /** The longest prefix there may be; its letters are too random to be anything else's. */
  private static final int PREFIX_LENGTH = 20;

  /** Written like the ids of other agents, which fit into an integer, and no text's by chance. */
  private static final int SMALLEST_ID = 1_900_000_000;

  private final Connection connection;
  private final DoctorSettings settings;
  private final String prefix = randomLetters();
  private final String id =
      Integer.toString(ThreadLocalRandom.current().nextInt(SMALLEST_ID, Integer.MAX_VALUE));

  private FreshAgents(Connection connection, DoctorSettings settings) {
    this.connection = connection;
    this.settings = settings;
  }

  /**
   * How agents should be.
   *
   * @param blueprint of those states in which an agent could be made
   * @param failure why one couldn't, if that is so
   */
  record Made(Blueprint blueprint, Optional<SQLException> failure) {}

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
      Jdbc.run(
          connection,
          Resources.read("agents/enter.sql"),
          Long.toString(settings.lockTimeout().toMillis()));
      Jdbc.run(connection, Resources.read("doctor/lock_agents.sql"));
      Set<Name> relations = new LinkedHashSet<>();
      List<Expected> expected = new ArrayList<>();
      Optional<SQLException> failure = Optional.empty();
      for (String state : states) {
        Savepoint before = transaction.connection().setSavepoint();
        try {
          List<Name> own = makeOne(state);
          List<String> makeTables = makeTables();
          for (Expected one : FreshObjects.read(connection, state, own, List.of())) {
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
          new Blueprint(prefix, id, List.copyOf(relations), List.of(), expected), failure);
    }
  }

  private List<Name> makeOne(String state) throws SQLException {
    Jdbc.run(
        connection, Resources.read("doctor/fresh_agent.sql"), id, state, id, prefix, prefix, id);
    return Jdbc.query(
        connection,
        Resources.read("doctor/fresh_relations.sql"),
        row -> new Name(settings.target().schema(), row.getString("name")),
        prefix,
        String.join(",", DoctorSession.tableSuffixes(connection)));
  }

  private List<String> makeTables() throws SQLException {
    return Jdbc.querySingle(
        connection,
        Resources.read("doctor/make_tables.sql"),
        row -> Jdbc.texts(row, "statements"),
        id,
        settings.target().schema(),
        prefix,
        id);
  }

  private static String randomLetters() {
    StringBuilder letters = new StringBuilder();
    ThreadLocalRandom.current()
        .ints(PREFIX_LENGTH, 'a', 'z' + 1)
        .forEach(letter -> letters.append((char) letter));
    return letters.toString();
  }
}
