package dev.dovetable.examples.cli;

import dev.dovetable.examples.cli.database.AgentFigures;
import dev.dovetable.examples.cli.database.Database;
import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.failures.Usage;
import dev.dovetable.examples.cli.terminal.Output;
import dev.dovetable.examples.cli.terminal.Shell;
import dev.dovetable.examples.cli.terminal.Text;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.install.SchemaStatus;
import dev.dovetable.schema.install.SchemaStatus.State;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code crm-cli status}. */
@Command(
    name = "status",
    description =
        "Compares the schema with this program's version, and counts the agents that are not up to"
            + " date. Changes nothing.")
final class StatusCommand extends DatabaseCommand {

  StatusCommand(Shell shell) {
    super(shell);
  }

  private record Document(
      String schema,
      State state,
      Optional<Integer> installedVersion,
      int version,
      List<String> details,
      Optional<Integer> agents,
      Optional<Integer> outdatedAgents,
      Optional<Integer> failedAgents) {}

  @Override
  ExitStatus run(Database database, Output output) {
    CrmSchema schema = Usage.check(() -> CrmSchema.builder().schema(schema()).build());
    SchemaStatus status = schema.status(database.dataSource());
    // The tables asked for the numbers are only sure to be there in a schema that is current.
    Optional<AgentFigures.Counts> counts =
        status.isCurrent() ? Optional.of(new AgentFigures(database).counts()) : Optional.empty();
    output.show(document(status, counts), () -> print(status, counts, output));
    boolean fine = status.isCurrent() && counts.map(AgentFigures.Counts::outdated).orElse(0) == 0;
    return fine ? ExitStatus.FINE : ExitStatus.NOT_FINE;
  }

  private static Document document(SchemaStatus status, Optional<AgentFigures.Counts> counts) {
    return new Document(
        status.schema(),
        status.state(),
        status.installedVersion(),
        status.libraryVersion(),
        status.details(),
        counts.map(AgentFigures.Counts::agents),
        counts.map(AgentFigures.Counts::outdated),
        counts.map(AgentFigures.Counts::failed));
  }

  private static void print(
      SchemaStatus status, Optional<AgentFigures.Counts> counts, Output output) {
    String state = status.state().toString();
    output.line(
        "Schema %s: %s, version %s of %d"
            .formatted(
                status.schema(),
                status.isCurrent() ? output.good(state) : output.bad(state),
                status.installedVersion().map(String::valueOf).orElse("–"),
                status.libraryVersion()));
    status.details().forEach(detail -> output.paragraph("  ", detail));
    counts.ifPresent(found -> output.line(agents(found, output)));
    remedy(status, counts).ifPresent(output::line);
  }

  private static String agents(AgentFigures.Counts counts, Output output) {
    String agents = Text.count(counts.agents(), "agent");
    if (counts.outdated() == 0) {
      return agents + (counts.agents() == 0 ? "" : ", all up to date");
    }
    return "%s, %s%s"
        .formatted(
            agents,
            output.bad(counts.outdated() + " not up to date"),
            counts.failed() == 0 ? "" : " (" + counts.failed() + " failed)");
  }

  private static Optional<String> remedy(
      SchemaStatus status, Optional<AgentFigures.Counts> counts) {
    return switch (status.state()) {
      case EMPTY, OUTDATED, MODIFIED, AGENTS_BEHIND -> Optional.of("To change it: crm-cli install");
      case CURRENT ->
          counts
              .filter(found -> found.outdated() > 0)
              .map(found -> "To change it: crm-cli migrate");
      case NEWER -> Optional.of("Use the release of this program that goes with it.");
      case FOREIGN -> Optional.of("Name a schema of its own with --schema.");
    };
  }
}
