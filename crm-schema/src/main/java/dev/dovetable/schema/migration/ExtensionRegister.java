package dev.dovetable.schema.migration;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Connections;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.SqlErrors;
import dev.dovetable.schema.internal.jdbc.Transaction;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * The versions of extensions that the database knows, and the agents that miss one. Every question
 * is a transaction. Not thread-safe, like its connection.
 */
final class ExtensionRegister {
  private final Connection connection;
  private final Target target;
  private final AgentMigrationSettings settings;

  private ExtensionRegister(Connection connection, AgentMigrationSettings settings) {
    this.connection = connection;
    this.target = settings.target();
    this.settings = settings;
  }

  /**
   * An agent that misses a version.
   *
   * @param prefix its {@code agent_prefix}
   * @param missing how many
   * @param mayAwaitIndexes whether some of them may be indexes, which are built by themselves
   */
  record Outdated(long id, String prefix, int missing, boolean mayAwaitIndexes) {}

  /**
   * What the database didn't know, and who misses what of that which it knows.
   *
   * @param outdated empty in the answer of {@link #look} if a version is missing: every agent
   *     misses that
   */
  record Found(List<ExtensionVersion> missing, List<Outdated> outdated) {}

  /** A question, or several, over one connection. */
  interface Question<T> {
    T ask(ExtensionRegister register) throws SQLException;
  }

  /**
   * Asks over a connection of the pool, and translates what fails.
   *
   * @param doing what is asked for, to be read after "Could not"
   */
  static <T> T ask(
      DataSource dataSource, AgentMigrationSettings settings, String doing, Question<T> question) {
    try {
      return Connections.with(
          dataSource,
          doing,
          connection -> question.ask(new ExtensionRegister(connection, settings)));
    } catch (SchemaException e) {
      throw Ownership.explain(dataSource, settings.target(), e);
    }
  }

  Found look(List<AgentExtension> extensions) throws SQLException {
    try (Transaction transaction = Transaction.begin(connection, target.privateSchema(), true)) {
      List<ExtensionVersion> missing = missing(extensions);
      Found found = new Found(missing, missing.isEmpty() ? outdated() : List.of());
      transaction.complete();
      return found;
    }
  }

  /**
   * Adds what is missing, so that agents made from now on get it, and looks who doesn't have it. If
   * nothing is missing, nobody is waited for.
   */
  Found register(List<AgentExtension> extensions) throws SQLException {
    Found found = look(extensions);
    return found.missing().isEmpty() ? found : addAndLook(extensions);
  }

  private Found addAndLook(List<AgentExtension> extensions) throws SQLException {
    try (Transaction transaction = Transaction.begin(connection, target.privateSchema(), false)) {
      Found found = new Found(add(extensions), outdated());
      transaction.complete();
      return found;
    }
  }

  /** What {@link #register} and the run behind it would do; nothing stays. */
  AgentMigrationPlan plan(List<AgentExtension> extensions) throws SQLException {
    Transaction transaction = Transaction.begin(connection, target.privateSchema(), false);
    try {
      add(extensions);
      List<Outdated> outdated = outdated();
      String sql = outdated.isEmpty() ? "" : preview(outdated.get(0));
      return new AgentMigrationPlan(outdated.stream().map(Outdated::prefix).toList(), sql);
    } finally {
      transaction.close(); // without being complete: rolled back
    }
  }

  private List<ExtensionVersion> add(List<AgentExtension> extensions) throws SQLException {
    // Under the lock that agents are made under: those that are being made are waited for.
    Jdbc.run(
        connection,
        Resources.read("agents/enter.sql"),
        Long.toString(target.lockTimeout().toMillis()));
    List<ExtensionVersion> missing = missing(extensions);
    for (ExtensionVersion template : missing) {
      register(
          template,
          template.extension(),
          Integer.toString(template.version()),
          template.script().path(),
          template.script().checksum(),
          template.parts().template(),
          String.join(",", template.names()),
          String.join(",", template.tables()),
          String.join(",", template.functions()),
          String.join(",", template.parts().sharedFunctions()),
          String.join(",", template.parts().indexes()),
          template.parts().joinedPrivileges(),
          template.parts().joinedShared(),
          template.parts().joinedBuilds());
    }
    new Rehearsal(connection, target, settings.statementTimeout()).of(missing);
    return missing;
  }

  private void register(ExtensionVersion version, String... parameters) throws SQLException {
    try {
      Jdbc.run(connection, Resources.read("agents/register.sql"), parameters);
    } catch (SQLException e) {
      throw sharing(version, e);
    }
  }

  /** Why the functions of a version can't be made that all agents share. */
  static SchemaException sharing(ExtensionVersion version, SQLException e) throws SQLException {
    Rehearsal.requireFault(e);
    return new SchemaException(
        Reason.INVALID_TEMPLATE,
        "Extension %s, %s: what all agents share can't be made: %s (SQLSTATE %s)."
            .formatted(
                version.extension(), version.script().path(), SqlErrors.words(e), e.getSQLState()),
        "Correct the file; nothing was registered.",
        e);
  }

  private List<ExtensionVersion> missing(List<AgentExtension> extensions) throws SQLException {
    Map<String, RegisteredVersion> known =
        RegisteredVersion.all(connection, target).stream()
            .collect(Collectors.toMap(RegisteredVersion::label, one -> one));
    List<ExtensionVersion> all =
        extensions.stream().flatMap(extension -> extension.templates().stream()).toList();
    for (ExtensionVersion template : all) {
      Optional.ofNullable(known.get(template.label()))
          .ifPresent(registered -> registered.requireSame(template));
    }
    List<ExtensionVersion> missing =
        all.stream().filter(template -> !known.containsKey(template.label())).toList();
    requireOwnNames(missing, known.values());
    return missing;
  }

  /** Those that are registered already keep theirs. */
  private static void requireOwnNames(
      List<ExtensionVersion> missing, Collection<RegisteredVersion> registered) {
    Set<String> names = new TreeSet<>(ExtensionRules.BUILT_IN);
    registered.forEach(one -> names.addAll(one.tables()));
    missing.forEach(one -> names.addAll(one.tables()));
    for (ExtensionVersion version : missing) {
      for (String table : version.tables()) {
        if (TableNames.isAmbiguous(table, names)) {
          throw new SchemaException(
              Reason.INVALID_TEMPLATE,
              "Extension %s, %s: a table of that name, {%s}, could be one of two agents'."
                  .formatted(version.extension(), version.script().path(), table),
              TableNames.REMEDY);
        }
      }
    }
  }

  private List<Outdated> outdated() throws SQLException {
    return Jdbc.query(
        connection,
        Resources.read("agents/outdated.sql"),
        row ->
            new Outdated(
                row.getLong("id"),
                row.getString("agent_prefix"),
                row.getInt("missing"),
                row.getBoolean("may_await_indexes")),
        settings.onlyExtension());
  }

  private String preview(Outdated agent) throws SQLException {
    String id = Long.toString(agent.id());
    return String.join(
        "\n",
        Jdbc.query(
            connection,
            Resources.read("agents/preview.sql"),
            row -> row.getString("commands"),
            id,
            agent.prefix(),
            id));
  }
}
