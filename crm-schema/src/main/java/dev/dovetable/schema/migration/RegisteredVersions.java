package dev.dovetable.schema.migration;

import static java.util.Objects.requireNonNull;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Connections;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.SqlErrors;
import dev.dovetable.schema.internal.jdbc.Transaction;
import dev.dovetable.schema.internal.settings.Names;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/**
 * The versions of extensions that a database knows, for the case that one turns out wrong after it
 * was registered: it fails for rows that some agents have, or a function that it calls is gone.
 *
 * <p>Whoever does so logs in as the role that installed the schema, or a member of it. Immutable
 * and thread-safe; holds no connection.
 */
public final class RegisteredVersions {
  /** As long as a migration of one agent may take by default. */
  private static final Duration STATEMENT_TIMEOUT = Duration.ofMinutes(5);

  private final Target target;

  private RegisteredVersions(Target target) {
    this.target = target;
  }

  /**
   * Those of an installation.
   *
   * @param schema the schema that holds the tables, unquoted; {@code public} by default elsewhere
   * @return what can be done about them
   * @throws IllegalArgumentException if there can be no such schema
   */
  public static RegisteredVersions in(String schema) {
    return new RegisteredVersions(Target.of(Names.requireSchema(schema)));
  }

  /** What may keep a version from being withdrawn. */
  private record Found(int versions, int later, int agents) {}

  /**
   * Takes the newest version of an extension back, as if it had never been registered; agents that
   * are made from now on don't get it. Some five round trips, in the queue in which agents are
   * made.
   *
   * @param dataSource gives a connection
   * @param extension the extension's name
   * @param version its number
   * @throws SchemaException if there is no such version, it is not the newest, or agents have it:
   *     {@link #replace} is for that
   */
  public void withdraw(DataSource dataSource, String extension, int version) {
    requireNonNull(extension, "extension");
    String label = extension + " " + version;
    inQueue(
        dataSource,
        "withdraw version " + label,
        connection -> {
          Found found =
              Jdbc.querySingle(
                  connection,
                  Resources.read("agents/withdraw.sql"),
                  row ->
                      new Found(row.getInt("versions"), row.getInt("later"), row.getInt("agents")),
                  extension,
                  Integer.toString(version));
          requireNewest(label, found.versions() > 0, found.later() > 0);
          if (found.agents() > 0) {
            throw new SchemaException(
                Reason.VERSION_IN_USE,
                "Version %s can't be withdrawn: %s it."
                    .formatted(
                        label,
                        found.agents() == 1 ? "1 agent has" : found.agents() + " agents have"),
                "Undo it with a new version; or replace it for the agents that lack it.");
          }
          Jdbc.run(connection, Resources.read("agents/revert_shared.sql"), extension);
          Jdbc.run(connection, Resources.read("agents/forget_failures.sql"));
        });
  }

  /**
   * Puts another text in place of the newest version of an extension, for the agents that lack it
   * and those to come; it is tried first, as any new version is. Agents that have the old text keep
   * what it did, and the ledger keeps its checksum: both texts should lead to the same end, and the
   * doctor tells where they don't. Run {@link AgentMigrations} afterwards. Some ten round trips, in
   * the queue in which agents are made.
   *
   * @param dataSource gives a connection
   * @param extension the extension with the new text; it has this version as its newest
   * @throws SchemaException if the database has another newest version or another text of an
   *     earlier one, if the new text makes other tables than the old one, or if it fails, as {@link
   *     AgentMigrations#run} tells of a new version
   */
  public void replace(DataSource dataSource, AgentExtension extension) {
    ExtensionVersion version = extension.templates().get(extension.version() - 1);
    inQueue(
        dataSource,
        "replace version " + version.label(),
        connection -> {
          List<RegisteredVersion> registered =
              RegisteredVersion.all(connection, target).stream()
                  .filter(one -> one.extension().equals(extension.name()))
                  .toList();
          requireNewest(
              version.label(),
              registered.stream().anyMatch(one -> one.version() == version.version()),
              registered.stream().anyMatch(one -> one.version() > version.version()));
          for (RegisteredVersion one : registered) {
            if (one.version() < version.version()) {
              one.requireSame(extension.templates().get(one.version() - 1));
            } else {
              requireSame(version, "tables", one.tables(), version.tables());
              requireSame(version, "functions", one.functions(), version.functions());
            }
          }
          Jdbc.run(
              connection,
              Resources.read("agents/replace.sql"),
              version.script().path(),
              version.parts().template(),
              String.join(",", version.names()),
              String.join(",", version.parts().sharedFunctions()),
              String.join(",", version.parts().indexes()),
              version.parts().joinedPrivileges(),
              version.parts().joinedShared(),
              version.parts().joinedBuilds(),
              version.script().checksum(),
              version.extension(),
              Integer.toString(version.version()));
          share(connection, version);
          new Rehearsal(connection, target, STATEMENT_TIMEOUT).of(List.of(version));
        });
  }

  private static void share(Connection connection, ExtensionVersion version) throws SQLException {
    try {
      Jdbc.run(
          connection,
          Resources.read("agents/share.sql"),
          version.extension(),
          Integer.toString(version.version()));
    } catch (SQLException e) {
      throw ExtensionRegister.sharing(version, e);
    }
  }

  /**
   * An extension as SQL for those who run it without Java, by psql or as a migration of the
   * Supabase CLI, behind the library's own files: one transaction that registers all of its
   * versions, and gives them to the agents that there are. Run again, it changes nothing. Two round
   * trips.
   *
   * @param dataSource gives a connection; a member of service_role is enough
   * @param extension the extension's name
   * @return the text of the file
   * @throws SchemaException if the database knows no version of it
   */
  public String export(DataSource dataSource, String extension) {
    requireNonNull(extension, "extension");
    return Connections.with(
        dataSource,
        "export extension " + extension,
        connection -> {
          try (Transaction transaction =
              Transaction.begin(connection, target.privateSchema(), true)) {
            String text = new ExtensionExport(target, extension).of(connection);
            transaction.complete();
            return text;
          }
        });
  }

  /**
   * The same of all versions that an extension's files hold, whether or not a database knows them.
   * No round trip.
   *
   * @param extension the extension
   * @return the text of the file
   */
  public String export(AgentExtension extension) {
    return new ExtensionExport(target, extension.name()).of(extension.templates());
  }

  private static void requireSame(
      ExtensionVersion version, String what, List<String> before, List<String> now) {
    if (!before.equals(now)) {
      throw new SchemaException(
          Reason.INVALID_TEMPLATE,
          "The new text of version %s makes the %s %s instead of %s."
              .formatted(version.label(), what, now, before),
          "Agents that have the old text would keep what nobody knows: make and drop tables and"
              + " functions in a new version.");
    }
  }

  private static void requireNewest(String label, boolean isThere, boolean isFollowed) {
    if (!isThere) {
      throw new SchemaException(
          Reason.UNKNOWN_VERSION,
          "Version " + label + " is not registered.",
          "Look into the table agent_templates for what is.");
    }
    if (isFollowed) {
      throw new SchemaException(
          Reason.VERSION_IN_USE,
          "Version " + label + " is not the newest of its extension.",
          "Withdraw the later ones first, or mend it with a new version.");
    }
  }

  /** What is done in the queue. */
  private interface Work {
    void run(Connection connection) throws SQLException;
  }

  private void inQueue(DataSource dataSource, String doing, Work work) {
    try {
      Connections.with(
          dataSource,
          doing,
          connection -> {
            try (Transaction transaction =
                Transaction.begin(connection, target.privateSchema(), false)) {
              enter(connection);
              work.run(connection);
              transaction.complete();
            }
            return true;
          });
    } catch (SchemaException e) {
      throw Ownership.explain(dataSource, target, e);
    }
  }

  private void enter(Connection connection) throws SQLException {
    try {
      Jdbc.run(
          connection,
          Resources.read("agents/enter.sql"),
          Long.toString(target.lockTimeout().toMillis()));
    } catch (SQLException e) {
      if (SqlErrors.isUndefinedFunction(e)) {
        throw RegisteredVersion.notInstalled(target, e);
      }
      throw e;
    }
  }
}
