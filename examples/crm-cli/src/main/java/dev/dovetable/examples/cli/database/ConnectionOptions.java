package dev.dovetable.examples.cli.database;

import dev.dovetable.examples.cli.terminal.Shell;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which database, and which schema in it. */
public final class ConnectionOptions {
  @Option(
      names = "--url",
      paramLabel = "<address>",
      description = {
        "postgresql://user@host:5432/database, or a jdbc:postgresql:// address. What it doesn't say"
            + " comes from PGSERVICE, PGHOST, PGPORT, PGDATABASE, PGUSER, PGSSLMODE and so on, as"
            + " in psql.",
        "The password comes from PGPASSWORD or ~/.pgpass, or is asked for; never from here."
      })
  private Optional<String> url = Optional.empty();

  @Option(
      names = "--schema",
      paramLabel = "<name>",
      description = "The schema that holds the tables; default: ${DEFAULT-VALUE}.")
  private String schema = "public";

  public String schema() {
    return schema;
  }

  DatabaseAddress address(Shell shell) {
    return DatabaseAddress.of(url, shell.environment());
  }
}
