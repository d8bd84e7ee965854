package dev.dovetable.examples.cli;

import dev.dovetable.examples.cli.database.AgentFigures;
import dev.dovetable.examples.cli.database.Database;
import dev.dovetable.examples.cli.failures.CliException;
import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.failures.Usage;
import dev.dovetable.examples.cli.terminal.Progress;
import dev.dovetable.examples.cli.terminal.Shell;
import dev.dovetable.schema.archive.AgentArchive;
import dev.dovetable.schema.archive.ArchiveListener;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import picocli.CommandLine.Option;

/** What the commands about archives have in common. */
final class ArchiveOptions {
  private static final String KEY_VARIABLE = "CRM_ARCHIVE_KEY";
  private static final int KILOBYTE = 1024;

  @Option(
      names = "--key",
      description =
          "Signs with the secret in the environment variable "
              + KEY_VARIABLE
              + ", or accepts only what was signed with it.")
  private boolean hasKey;

  AgentArchive archive(Shell shell, String schema, Progress progress) {
    AgentArchive.Builder builder = AgentArchive.builder().listener(listener(progress));
    return Usage.check(
        () -> {
          builder.schema(schema);
          if (hasKey) {
            builder.key(key(shell).getBytes(StandardCharsets.UTF_8));
          }
          return builder.build();
        });
  }

  private static String key(Shell shell) {
    return shell
        .variable(KEY_VARIABLE)
        .orElseThrow(
            () ->
                new CliException(
                    ExitStatus.USAGE,
                    "--key needs the environment variable " + KEY_VARIABLE + "."));
  }

  private static ArchiveListener listener(Progress progress) {
    return (table, done, total) -> progress.show(kilobytes(done), kilobytes(total), 0);
  }

  private static int kilobytes(long bytes) {
    return (int) Math.min((bytes + KILOBYTE - 1) / KILOBYTE, Integer.MAX_VALUE);
  }

  /** A user by address or id. */
  static UUID user(Database database, String option, String who) {
    return new AgentFigures(database)
        .user(who)
        .orElseThrow(
            () ->
                new CliException(
                    ExitStatus.REFUSED,
                    "There is no user as in %s. Check it; crm-cli agents create makes users."
                        .formatted(option)));
  }
}
