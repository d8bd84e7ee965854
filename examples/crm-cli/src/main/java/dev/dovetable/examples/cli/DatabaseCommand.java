package dev.dovetable.examples.cli;

import dev.dovetable.examples.cli.database.ConnectionOptions;
import dev.dovetable.examples.cli.database.Database;
import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.terminal.Output;
import dev.dovetable.examples.cli.terminal.Shell;
import picocli.CommandLine.Mixin;

/** A command that needs a database. */
abstract class DatabaseCommand extends CrmCommand {
  private static final int CONNECTIONS = 2;

  @Mixin private final ConnectionOptions connection = new ConnectionOptions();

  DatabaseCommand(Shell shell) {
    super(shell);
  }

  @Override
  final ExitStatus run(Output output) {
    check();
    try (Database database = Database.open(connection, shell(), connections())) {
      return run(database, output);
    }
  }

  /** Refuses what can be told without a database. */
  void check() {}

  /** How many connections the command uses at a time. */
  int connections() {
    return CONNECTIONS;
  }

  final String schema() {
    return connection.schema();
  }

  abstract ExitStatus run(Database database, Output output);
}
