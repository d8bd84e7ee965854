package dev.dovetable.examples.cli;

import dev.dovetable.examples.cli.database.AgentFigures;
import dev.dovetable.examples.cli.database.Database;
import dev.dovetable.examples.cli.failures.CliException;
import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.terminal.Output;
import dev.dovetable.examples.cli.terminal.Shell;
import dev.dovetable.examples.cli.terminal.Table;
import dev.dovetable.examples.cli.terminal.Text;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crm-cli agents size}. */
@Command(
    name = "size",
    description =
        "Shows what the agents' tables take on disk, largest first. Rows are the planner's"
            + " estimates: nothing is counted.")
final class AgentsSizeCommand extends DatabaseCommand {
  @Option(
      names = "--top",
      paramLabel = "<n>",
      description = "Shows the largest n only; default: all.")
  private Optional<Integer> top = Optional.empty();

  AgentsSizeCommand(Shell shell) {
    super(shell);
  }

  private record Document(long bytes, List<AgentFigures.Size> agents) {}

  @Override
  void check() {
    if (top.isPresent() && top.get() < 1) {
      throw new CliException(ExitStatus.USAGE, "--top must be 1 or more.");
    }
  }

  @Override
  ExitStatus run(Database database, Output output) {
    List<AgentFigures.Size> all = new AgentFigures(database).sizes();
    List<AgentFigures.Size> shown = all.stream().limit(top.orElse(Integer.MAX_VALUE)).toList();
    long bytes = all.stream().mapToLong(AgentFigures.Size::bytes).sum();
    output.show(new Document(bytes, shown), () -> print(all.size(), bytes, shown, output));
    return ExitStatus.FINE;
  }

  /** Nobody has counted, as long as neither autovacuum nor anybody else has analysed the table. */
  private static String estimate(Optional<Long> rows) {
    return rows.map(number -> "~" + number).orElse("?");
  }

  private static void print(int agents, long bytes, List<AgentFigures.Size> shown, Output output) {
    if (!shown.isEmpty()) {
      Table table = new Table("Agent", ">Size", ">Customers", ">Messages", ">Orders");
      for (AgentFigures.Size size : shown) {
        table.row(
            size.prefix(),
            Text.bytes(size.bytes()),
            estimate(size.customers()),
            estimate(size.messages()),
            estimate(size.orders()));
      }
      output.table(table);
    }
    output.line("%s, %s in all".formatted(Text.count(agents, "agent"), Text.bytes(bytes)));
  }
}
