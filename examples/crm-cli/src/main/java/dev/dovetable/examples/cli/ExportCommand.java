package dev.dovetable.examples.cli;

import dev.dovetable.core.changes.ChangeFeed;
import dev.dovetable.core.inbox.Inbox;
import dev.dovetable.core.messages.MessageSearch;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.examples.cli.database.ConnectionOptions;
import dev.dovetable.examples.cli.database.Database;
import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.failures.Usage;
import dev.dovetable.examples.cli.terminal.Output;
import dev.dovetable.examples.cli.terminal.Shell;
import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.RegisteredVersions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crm-cli export}. */
@Command(
    name = "export",
    description = {
      "Writes the schema's SQL files into a folder, which needs no database; or, with --extension, one"
          + " file of an extension: the library's own, or one that the database knows.",
      "For psql: install.sql for a new database, upgrade.sql for an older one, and the files they"
          + " run. For the Supabase CLI: supabase/migrations in the project's folder."
    })
final class ExportCommand extends CrmCommand {
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final List<AgentExtension> OWN =
      List.of(
          Webhooks.extension(),
          Inbox.extension(),
          MessageSearch.extension(),
          ChangeFeed.extension());

  @Parameters(paramLabel = "<folder>", description = "Where to; it is made if it is missing.")
  private Path folder = Path.of("");

  @Option(names = "--for", paramLabel = "<tool>", description = "psql or supabase; default: psql.")
  private Tool tool = Tool.PSQL;

  @Option(
      names = "--extension",
      paramLabel = "<name>",
      description = {
        "whatsapp_webhooks, inbox, search or change_feed, which need no database; or one of an",
        "application's that is registered, which is read from there."
      })
  private Optional<String> extension = Optional.empty();

  @Mixin private final ConnectionOptions connection = new ConnectionOptions();

  ExportCommand(Shell shell) {
    super(shell);
  }

  private enum Tool {
    PSQL,
    SUPABASE
  }

  private record Document(String schema, Tool tool, List<String> files) {}

  @Override
  ExitStatus run(Output output) {
    String schema = connection.schema();
    CrmSchema crm = Usage.check(() -> CrmSchema.builder().schema(schema).build());
    List<Path> written =
        extension.isPresent()
            ? List.of(write(extension.get()))
            : tool == Tool.PSQL ? crm.exportTo(folder) : crm.exportForSupabase(folder);
    List<String> files = written.stream().map(Path::toString).toList();
    output.show(new Document(schema, tool, files), () -> files.forEach(output::line));
    return ExitStatus.FINE;
  }

  private String sql(String name) {
    RegisteredVersions versions = RegisteredVersions.in(connection.schema());
    for (AgentExtension own : OWN) {
      if (own.name().equals(name)) {
        return versions.export(own);
      }
    }
    try (Database database = Database.open(connection, shell(), 1)) {
      return versions.export(database.dataSource(), name);
    }
  }

  private Path write(String name) {
    String sql = sql(name);
    Path file =
        tool == Tool.PSQL
            ? folder.resolve("extensions").resolve(name + ".sql")
            : folder
                .resolve("supabase")
                .resolve("migrations")
                .resolve(TIMESTAMP.format(Clock.systemUTC().instant()) + "_" + name + ".sql");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, sql);
    } catch (IOException e) {
      throw new SchemaException(
          Reason.EXPORT_FAILED,
          "Could not write " + file + ": " + e.getMessage() + ".",
          "Choose a folder that can be written to.",
          e);
    }
    return file;
  }
}
