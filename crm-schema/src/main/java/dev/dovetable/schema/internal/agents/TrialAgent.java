package dev.dovetable.schema.internal.agents;

import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An agent that is made to be looked at, in a transaction that takes it back. As long as it is
 * there, no other agent can be made and no row of agents be changed. Not thread-safe.
 */
public final class TrialAgent {
  /** The longest prefix there may be; its letters are too random to be anything else's. */
  private static final int PREFIX_LENGTH = 20;

  /** Written like the ids of other agents, which fit into an integer, and no text's by chance. */
  private static final int SMALLEST_ID = 1_900_000_000;

  private final Connection connection;
  private final Target target;
  private final String prefix = randomLetters();
  private final String id =
      Integer.toString(ThreadLocalRandom.current().nextInt(SMALLEST_ID, Integer.MAX_VALUE));

  public TrialAgent(Connection connection, Target target) {
    this.connection = connection;
    this.target = target;
  }

  /**
   * Something that every agent must have and this one lacks.
   *
   * @param relation the table or sequence, without the prefix
   * @param problem what to say after its name
   */
  public record Breach(String relation, String problem) {}

  public String prefix() {
    return prefix;
  }

  public String id() {
    return id;
  }

  /** Looks into the private schema, then into that of the tables, until the transaction ends. */
  public static void usePath(Connection connection, Target target) throws SQLException {
    Jdbc.run(
        connection, Resources.read("agents/path.sql"), target.privateSchema(), target.schema());
  }

  /**
   * Waits for the right to make agents, and for the lock that making one takes. Once in a
   * transaction, before {@link #make}.
   */
  public static void enter(Connection connection, Duration lockTimeout) throws SQLException {
    Jdbc.run(connection, Resources.read("agents/enter.sql"), Long.toString(lockTimeout.toMillis()));
    Jdbc.run(connection, Resources.read("agents/lock_agents.sql"));
  }

  /**
   * Makes it, on the path of {@link #usePath}.
   *
   * @param state the versions of extensions that it gets, by the numbers under which they were
   *     registered, separated by commas; of the others its ledger says that it has them
   */
  public void make(String state) throws SQLException {
    Jdbc.run(
        connection, Resources.read("agents/trial_make.sql"), id, state, id, prefix, prefix, id);
  }

  /** Gives it a version that its ledger pretends to have. */
  public void migrate(String extension, int version) throws SQLException {
    Jdbc.run(
        connection,
        Resources.read("agents/trial_migrate.sql"),
        id,
        extension,
        Integer.toString(version),
        id,
        prefix);
  }

  /** What every agent must have, whatever its extensions do, and this one lacks. */
  public List<Breach> breaches() throws SQLException {
    usePrivatePath();
    List<Breach> breaches =
        Jdbc.query(
            connection,
            Resources.read("agents/trial_breaches.sql"),
            row -> new Breach(row.getString("relation"), row.getString("problem")),
            target.schema(),
            prefix,
            id);
    usePath(connection, target);
    return breaches;
  }

  /**
   * What the transaction has done so far outside of its tables.
   *
   * @param effects in words that come behind "it"
   * @param writes what the server has counted of writes into the catalogues
   */
  public record Effects(Set<String> effects, String writes) {}

  /** Without what was made or changed in the catalogues, which the next one is asked for. */
  public Effects effects() throws SQLException {
    return effectsSince("none");
  }

  /** With what was made or changed in the catalogues since, or also what was a little before. */
  public Set<String> effectsSince(Effects earlier) throws SQLException {
    return effectsSince(earlier.writes()).effects();
  }

  /** With what the whole transaction has made or changed in the catalogues, which takes long. */
  public Set<String> allEffects() throws SQLException {
    return effectsSince("").effects();
  }

  private Effects effectsSince(String writes) throws SQLException {
    usePrivatePath();
    Set<String> effects = new LinkedHashSet<>();
    StringBuilder counted = new StringBuilder();
    Jdbc.query(
        connection,
        Resources.read("agents/trial_effects.sql"),
        row ->
            row.getString("writes") == null
                ? effects.add(row.getString("effect"))
                : counted.append(row.getString("writes")),
        target.schema(),
        prefix,
        id,
        writes);
    usePath(connection, target);
    return new Effects(effects, counted.toString());
  }

  /** Where nobody but the owner makes anything, so that operators are PostgreSQL's own. */
  private void usePrivatePath() throws SQLException {
    Jdbc.run(connection, Resources.read("installer/search_path.sql"), target.privateSchema());
  }

  private static String randomLetters() {
    StringBuilder letters = new StringBuilder();
    ThreadLocalRandom.current()
        .ints(PREFIX_LENGTH, 'a', 'z' + 1)
        .forEach(letter -> letters.append((char) letter));
    return letters.toString();
  }
}
