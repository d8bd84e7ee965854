package dev.dovetable.schema.migration;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.internal.agents.TrialAgent;
import dev.dovetable.schema.internal.agents.TrialAgent.Breach;
import dev.dovetable.schema.internal.agents.TrialAgent.Effects;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.SqlErrors;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * New versions of extensions, tried on an agent that is never committed, before any other gets
 * them: whether they run, and what they do, as the catalogues and the transaction's locks have it.
 * What they do to rows can't be seen there, for that agent has none. Used once.
 */
final class Rehearsal {
  private final Connection connection;
  private final Target target;
  private final Duration statementTimeout;
  private final TrialAgent agent;

  /**
   * Over a connection in a transaction that is in the queue in which agents are made.
   *
   * @param statementTimeout how long one version may take
   */
  Rehearsal(Connection connection, Target target, Duration statementTimeout) {
    this.connection = connection;
    this.target = target;
    this.statementTimeout = statementTimeout;
    this.agent = new TrialAgent(connection, target);
  }

  /**
   * Takes everything back, whatever happens.
   *
   * @param versions registered already, in this transaction, in this order
   * @throws SchemaException if one fails, takes away what every agent must have, or reaches beyond
   *     its agent
   */
  void of(List<ExtensionVersion> versions) throws SQLException {
    if (versions.isEmpty()) {
      return;
    }
    Savepoint before = connection.setSavepoint();
    try {
      TrialAgent.usePath(connection, target);
      Jdbc.run(connection, Resources.read("agents/lock_agents.sql"));
      make(versions);
      for (ExtensionVersion version : versions) {
        tryOut(version);
      }
    } finally {
      connection.rollback(before);
      connection.releaseSavepoint(before);
    }
  }

  private void make(List<ExtensionVersion> without) throws SQLException {
    try {
      agent.make(
          Jdbc.querySingle(
              connection,
              Resources.read("agents/registered_without.sql"),
              row -> row.getString("state"),
              without.stream().map(ExtensionVersion::label).collect(Collectors.joining(","))));
    } catch (SQLException e) {
      requireFault(e);
      throw new SchemaException(
          Reason.INVALID_TEMPLATE,
          "No agent can be made with the versions that are registered already: "
              + SqlErrors.words(e)
              + ".",
          "Withdraw or replace the version that fails; then try again.",
          e);
    }
  }

  private void tryOut(ExtensionVersion version) throws SQLException {
    Savepoint before = connection.setSavepoint();
    Effects earlier = agent.effects();
    try {
      limit(statementTimeout);
      agent.migrate(version.extension(), version.version());
      limit(Duration.ZERO);
    } catch (SQLException e) {
      requireFault(e);
      connection.rollback(before);
      throw refused(
          version,
          lineOf(version, () -> false),
          SqlErrors.words(e) + " (SQLSTATE " + e.getSQLState() + ")",
          "It was tried on an agent without rows. Correct the file; nothing was registered.",
          e);
    }
    List<Breach> breaches = agent.breaches();
    if (!breaches.isEmpty()) {
      connection.rollback(before);
      Breach first = breaches.get(0);
      throw refused(
          version,
          lineOf(version, () -> agent.breaches().contains(first)),
          "{" + first.relation() + "} " + first.problem(),
          remedy(first),
          null);
    }
    Set<String> effects = agent.effectsSince(earlier);
    effects.removeAll(earlier.effects());
    if (!effects.isEmpty()) {
      connection.rollback(before);
      Set<String> all = agent.allEffects();
      all.removeAll(effects); // a lock on a sequence survives that
      throw refused(
          version,
          lineOf(version, () -> !all.containsAll(agent.allEffects())),
          "it " + String.join(", ", effects),
          "A version changes one agent's tables, and all that it makes is named by placeholders."
              + " Make what agents share in a migration of the application's own.",
          null);
    }
    connection.releaseSavepoint(before);
  }

  /** How long a statement may take from now on; zero for no limit. */
  private void limit(Duration timeout) throws SQLException {
    Jdbc.run(
        connection,
        Resources.read("agents/statement_timeout.sql"),
        Long.toString(timeout.toMillis()));
  }

  private static String remedy(Breach breach) {
    return breach.problem().startsWith("refers to ")
        ? StatementRules.SHARED_REFERENCE
        : "Every agent has it so, whatever extensions add. Leave it as it is.";
  }

  /** Something that can be seen in the database. */
  private interface Symptom {
    boolean isThere() throws SQLException;
  }

  /** Where the first statement is, run one by one, that fails or has the symptom behind it. */
  private Optional<Integer> lineOf(ExtensionVersion version, Symptom symptom) throws SQLException {
    String sql = version.parts().template();
    for (SqlStatement statement : SqlStatement.all(sql)) {
      try {
        Jdbc.run(connection, Resources.read("installer/search_path.sql"), target.schema());
        limit(statementTimeout);
        Jdbc.runText(connection, rendered(statement.text(sql))); // where COMMIT is refused
        limit(Duration.ZERO);
        TrialAgent.usePath(connection, target);
        if (symptom.isThere()) {
          return Optional.of(statement.line());
        }
      } catch (SQLException e) {
        return Optional.of(statement.line());
      }
    }
    return Optional.empty();
  }

  /** Letters and digits need no quotes, and nobody's keyword begins with this prefix. */
  private String rendered(String text) {
    return text.replace("{agent_id}", agent.id())
        .replace("{agent_prefix}", "'" + agent.prefix() + "'")
        .replace("{crm}", '"' + target.privateSchema().replace("\"", "\"\"") + '"')
        .replaceAll("\\{(\\w+)\\}", agent.prefix() + "_$1");
  }

  /** Somebody else in the way, or a lost connection, says nothing about a version. */
  static void requireFault(SQLException e) throws SQLException {
    if (SqlErrors.isConflict(e) || SqlErrors.isUnreachable(e)) {
      throw e;
    }
  }

  private static SchemaException refused(
      ExtensionVersion version,
      Optional<Integer> line,
      String problem,
      String remedy,
      @Nullable SQLException cause) {
    return new SchemaException(
        Reason.INVALID_TEMPLATE,
        "Extension %s, %s%s: %s."
            .formatted(
                version.extension(),
                version.script().path(),
                line.map(n -> ", line " + n + ": in the statement that begins there").orElse(""),
                problem),
        remedy,
        cause);
  }
}
