package dev.dovetable.examples.cli;

import dev.dovetable.core.ActorScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.agents.AgentSize;
import dev.dovetable.examples.cli.database.Database;
import dev.dovetable.examples.cli.failures.CliException;
import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.terminal.Output;
import dev.dovetable.examples.cli.terminal.Shell;
import dev.dovetable.examples.cli.terminal.Text;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crm-cli agents delete}. */
@Command(
    name = "delete",
    description = "Deletes an agent with its tables and all that is in them. There is no way back.")
final class AgentsDeleteCommand extends DatabaseCommand {
  @Parameters(paramLabel = "<prefix>", description = "The agent's prefix.")
  private String prefix = "";

  @Option(names = "--yes", description = "Doesn't ask for the prefix again.")
  private boolean yes;

  AgentsDeleteCommand(Shell shell) {
    super(shell);
  }

  private record Document(long id, String prefix, long customers, long messages, long orders) {}

  @Override
  void check() {
    if (!yes && !shell().terminal().input()) {
      throw new CliException(
          ExitStatus.REFUSED, "Nobody is there to be asked. Add --yes if it is meant.");
    }
  }

  @Override
  ExitStatus run(Database database, Output output) {
    ActorScope service = database.crm().asService();
    Optional<Agent> agent = service.agents().findByPrefix(prefix);
    if (agent.isEmpty()) {
      throw new CliException(
          ExitStatus.REFUSED,
          "There is no agent %s. crm-cli agents list shows those there are.".formatted(prefix));
    }
    AgentSize size = service.agents().size(prefix);
    if (!yes) {
      confirm(size, output);
    }
    if (!service.agents().delete(agent.get().id())) {
      throw new CliException(ExitStatus.REFUSED, "Agent " + prefix + " was deleted meanwhile.");
    }
    Document deleted =
        new Document(
            agent.get().id(),
            prefix,
            size.customers().rows(),
            size.messages().rows(),
            size.orders().rows());
    output.show(deleted, () -> output.line("Agent %s deleted".formatted(prefix)));
    return ExitStatus.FINE;
  }

  private void confirm(AgentSize size, Output output) {
    output.notice(
        "Agent %s has %s, %s and %s, %s in all."
            .formatted(
                prefix,
                Text.count(size.customers().rows(), "customer"),
                Text.count(size.messages().rows(), "message"),
                Text.count(size.orders().rows(), "order"),
                Text.bytes(size.bytes())));
    if (!shell().ask("Type the prefix to delete it: ").orElse("").equals(prefix)) {
      throw new CliException(ExitStatus.REFUSED, "That is another prefix; nothing was changed.");
    }
  }
}
