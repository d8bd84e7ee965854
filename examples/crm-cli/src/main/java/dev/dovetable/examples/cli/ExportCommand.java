package dev.dovetable.examples.cli;

import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.failures.Usage;
import dev.dovetable.examples.cli.terminal.Output;
import dev.dovetable.examples.cli.terminal.Shell;
import dev.dovetable.schema.install.CrmSchema;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crm-cli export}. */
@Command(
    name = "export",
    description = {
      "Writes the schema's SQL files into a folder. Needs no database.",
      "For psql: install.sql for a new database, upgrade.sql for an older one, and the files they"
          + " run. For the Supabase CLI: supabase/migrations in the project's folder."
    })
final class ExportCommand extends CrmCommand {
  @Parameters(paramLabel = "<folder>", description = "Where to; it is made if it is missing.")
  private Path folder = Path.of("");

  @Option(names = "--for", paramLabel = "<tool>", description = "psql or supabase; default: psql.")
  private Tool tool = Tool.PSQL;

  @Option(
      names = "--schema",
      paramLabel = "<name>",
      description = "The schema to install into; default: ${DEFAULT-VALUE}.")
  private String schema = "public";

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
    CrmSchema crm = Usage.check(() -> CrmSchema.builder().schema(schema).build());
    List<String> files =
        (tool == Tool.PSQL ? crm.exportTo(folder) : crm.exportForSupabase(folder))
            .stream().map(Path::toString).toList();
    output.show(new Document(schema, tool, files), () -> files.forEach(output::line));
    return ExitStatus.FINE;
  }
}
