package dev.wacrm.schema;

import dev.wacrm.schema.Blueprint.Expected;
import dev.wacrm.schema.Blueprint.Name;
import dev.wacrm.schema.Blueprint.Schema;
import dev.wacrm.schema.Blueprint.Subject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Installs into a schema of its own, reads what is there, and takes it back. Nobody waits for that,
 * but for sign-ups where there is an auth.users.
 */
final class FreshInstallation {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
  private static final int LENGTH = 20;

  private final Connection connection;
  private final DoctorSettings settings;
  private final Target scratch;

  private FreshInstallation(Connection connection, DoctorSettings settings) {
    this.connection = connection;
    this.settings = settings;
    this.scratch =
        new Target(
            scratchName(settings.target().schema()), Optional.empty(), Target.DEFAULT_LOCK_TIMEOUT);
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
          scratch.schema());
      for (Script script : Scripts.current().schema()) {
        Jdbc.run(connection, Resources.read("installer/search_path.sql"), scratch.schema());
        Jdbc.runText(connection, script.text());
      }
      Jdbc.run(connection, Resources.read("installer/search_path.sql"), scratch.privateSchema());
      Jdbc.runText(connection, Resources.read("installer/history.sql"));
      List<Name> relations =
          Jdbc.query(
              connection,
              Resources.read("doctor/installed_relations.sql"),
              row -> new Name(row.getString("home"), row.getString("name")),
              scratch.schema(),
              scratch.privateSchema());
      List<Schema> schemas =
          List.of(new Schema(scratch.schema(), false), new Schema(scratch.privateSchema(), true));
      Subject itself = new Subject(Blueprint.INSTALLATION, "", "", "");
      List<Expected> expected =
          Comparison.run(connection, Blueprint.empty(relations, schemas), List.of(itself)).stream()
              .map(object -> Expected.of("", object))
              .toList();
      // The name of the private schema holds that of the other, so it is replaced first.
      return new Blueprint(scratch.privateSchema(), scratch.schema(), relations, schemas, expected);
    }
  }

  /** A name that is quoted in SQL if the schema's is, so that definitions can be compared. */
  private static String scratchName(String schema) {
    StringBuilder name = new StringBuilder(isPlain(schema) ? "crm_doctor_" : "CRM doctor ");
    ThreadLocalRandom.current()
        .ints(LENGTH, 0, LETTERS.length())
        .forEach(index -> name.append(LETTERS.charAt(index)));
    return name.toString();
  }

  private static boolean isPlain(String name) {
    return name.matches("[a-z_][a-z0-9_]*");
  }
}
