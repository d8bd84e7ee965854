package dev.wacrm.schema;

import dev.wacrm.schema.Blueprint.Expected;
import dev.wacrm.schema.Blueprint.Name;
import dev.wacrm.schema.Blueprint.Subject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
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
   * How agents in these states should be. At least one agent must exist. Tried again while somebody
   * holds a lock.
   *
   * @throws SQLException if no agent can be made
   */
  static Blueprint blueprint(
      Connection connection, DoctorSettings settings, Collection<String> states)
      throws SQLException {
    FreshAgents fresh = new FreshAgents(connection, settings);
    return Retry.onConflict(settings.giveUpAfter(), () -> fresh.make(states));
  }

  private Blueprint make(Collection<String> states) throws SQLException {
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
      for (String state : states) {
        Savepoint before = transaction.connection().setSavepoint();
        List<Name> own = makeOne(state);
        relations.addAll(own);
        List<String> makeTables = makeTables();
        for (Difference object : describe(own)) {
          Expected one = Expected.of(state, object);
          expected.add(one.kind().equals("table") ? one.madeBy(makeTables) : one);
        }
        connection.rollback(before);
      }
      return new Blueprint(prefix, id, List.copyOf(relations), List.of(), expected);
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

  private List<Difference> describe(List<Name> relations) throws SQLException {
    Subject itself = new Subject(Blueprint.INSTALLATION, "", "", "");
    return Comparison.run(connection, Blueprint.empty(relations, List.of()), List.of(itself));
  }

  private static String randomLetters() {
    StringBuilder letters = new StringBuilder();
    ThreadLocalRandom.current()
        .ints(PREFIX_LENGTH, 'a', 'z' + 1)
        .forEach(letter -> letters.append((char) letter));
    return letters.toString();
  }
}
