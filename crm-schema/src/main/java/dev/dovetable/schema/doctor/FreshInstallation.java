package dev.dovetable.schema.doctor;

import dev.dovetable.schema.internal.catalog.Blueprint;
import dev.dovetable.schema.internal.catalog.Blueprint.Expected;
import dev.dovetable.schema.internal.catalog.Blueprint.Name;
import dev.dovetable.schema.internal.catalog.Blueprint.Schema;
import dev.dovetable.schema.internal.catalog.Blueprint.Subject;
import dev.dovetable.schema.internal.catalog.FreshObjects;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.files.Script;
import dev.dovetable.schema.internal.files.Scripts;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.Retry;
import dev.dovetable.schema.internal.jdbc.Transaction;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Installs into a schema of its own, reads what is there, and takes it back. Nobody waits for that,
 * but for sign-ups where there is an auth.users.
 */
final class FreshInstallation {
  private static final int LENGTH = 20;

  private final Connection connection;
  private final DoctorSettings settings;
  private final Target scratch;

  /** How SQL writes the names of the two schemas. */
  private record Quoting(boolean isPlain, boolean isPrivateAlike) {
    static Quoting of(Connection connection, Target target) throws SQLException {
      return Jdbc.querySingle(
          connection,
          Resources.read("doctor/is_plain.sql"),
          row -> new Quoting(row.getBoolean("is_plain"), row.getBoolean("is_private_alike")),
          target.schema(),
          target.privateSchema());
    }
  }

  private FreshInstallation(Connection connection, DoctorSettings settings) throws SQLException {
    this.connection = connection;
    this.settings = settings;
    this.scratch = Target.of(scratchName(Quoting.of(connection, settings.target()).isPlain()));
  }

  /**
   * How the installation should be. Tried again while somebody holds a lock.
   *
   * @throws SQLException if this role may not install into another schema
   */
  static Blueprint blueprint(Connection connection, DoctorSettings settings) throws SQLException {
    FreshInstallation fresh = new FreshInstallation(connection, settings);
    return Retry.onConflict(settings.giveUpAfter(), fresh::make);
  }

  /**
   * Whether definitions of another schema can be read as those of this one, by replacing names. Not
   * with names that are written twice over within quotes, nor if one of the two is a keyword.
   */
  static boolean canStandFor(Connection connection, Target target) throws SQLException {
    return target.schema().chars().noneMatch(one -> one == '"' || one == '\'' || one == '\\')
        && Quoting.of(connection, target).isPrivateAlike();
  }

  /** The installation that is there. */
  static Subject subject(Target target) {
    return new Subject(Blueprint.INSTALLATION, "", target.privateSchema(), target.schema());
  }

  private Blueprint make() throws SQLException {
    // Never completed: all of it is undone.
    try (Transaction transaction = Transaction.begin(connection, scratch.privateSchema(), false)) {
      Jdbc.run(
          transaction.connection(),
          Resources.read("doctor/fresh_installation.sql"),
          Long.toString(settings.lockTimeout().toMillis()),
          scratch.schema(),
          settings.target().schema());
      for (Script script : Scripts.current().schema()) {
        Jdbc.run(connection, Resources.read("installer/search_path.sql"), scratch.schema());
        Jdbc.runText(connection, script.statements());
        transaction.restore();
      }
      Jdbc.run(connection, Resources.read("installer/search_path.sql"), scratch.privateSchema());
      Jdbc.runText(connection, Resources.read("installer/history.sql"));
      Jdbc.run(
          connection, Resources.read("doctor/fresh_shared.sql"), settings.target().privateSchema());
      List<Name> relations =
          Jdbc.query(
              connection,
              Resources.read("doctor/installed_relations.sql"),
              row -> new Name(row.getString("home"), row.getString("name")),
              scratch.schema(),
              scratch.privateSchema());
      List<Schema> schemas =
          List.of(new Schema(scratch.schema(), false), new Schema(scratch.privateSchema(), true));
      List<Expected> expected = FreshObjects.read(connection, "", relations, List.of(), schemas);
      // The name of the private schema holds that of the other, so it is replaced first.
      return new Blueprint(
          scratch.privateSchema(), scratch.schema(), relations, List.of(), schemas, expected);
    }
  }

  private static String scratchName(boolean isPlain) {
    StringBuilder name = new StringBuilder(isPlain ? "crm_doctor_" : "CRM doctor ");
    ThreadLocalRandom.current()
        .ints(LENGTH, 'a', 'z' + 1)
        .forEach(letter -> name.append((char) letter));
    return name.toString();
  }
}
