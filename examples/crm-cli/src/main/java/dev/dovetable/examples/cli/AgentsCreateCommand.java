package dev.dovetable.examples.cli;

import dev.dovetable.core.ActorScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.examples.cli.database.Database;
import dev.dovetable.examples.cli.failures.CliException;
import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.terminal.Output;
import dev.dovetable.examples.cli.terminal.Shell;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crm-cli agents create}. */
@Command(
    name = "create",
    description =
        "Makes an agent and its tables. Users are named by e-mail address or id; who doesn't exist"
            + " yet is made as well if a name is given, all in one transaction.")
final class AgentsCreateCommand extends DatabaseCommand {
  @Parameters(
      paramLabel = "<prefix>",
      description =
          "What the names of the agent's tables begin with: up to 20 lower-case letters, digits and"
              + " underscores, a letter first. Never changes.")
  private String prefix = "";

  @Option(
      names = "--user",
      paramLabel = "<e-mail>",
      required = true,
      description = "Who works as this agent.")
  private String user = "";

  @Option(
      names = "--user-name",
      paramLabel = "<name>",
      description = "Makes that user, with the role agent, if there is none.")
  private Optional<String> userName = Optional.empty();

  @Option(
      names = "--creator",
      paramLabel = "<e-mail>",
      required = true,
      description = "Who makes the agent: an admin.")
  private String creator = "";

  @Option(
      names = "--creator-name",
      paramLabel = "<name>",
      description = "Makes that user, with the role admin, if there is none.")
  private Optional<String> creatorName = Optional.empty();

  AgentsCreateCommand(Shell shell) {
    super(shell);
  }

  private record Document(long id, String prefix, UUID userId, UUID createdBy) {}

  @Override
  ExitStatus run(Database database, Output output) {
    Document made =
        database
            .crm()
            .transaction(
                tx -> {
                  ActorScope service = tx.asService();
                  User creating =
                      findOrMake(service, "--creator", creator, creatorName, UserRole.ADMIN);
                  User working = findOrMake(service, "--user", user, userName, UserRole.AGENT);
                  Agent agent = service.agents().create(working.id(), prefix, creating.id());
                  return new Document(agent.id(), prefix, working.id(), creating.id());
                });
    output.show(
        made, () -> output.line("Agent %s made, id %d".formatted(made.prefix(), made.id())));
    return ExitStatus.FINE;
  }

  private static User findOrMake(
      ActorScope service, String option, String who, Optional<String> name, UserRole role) {
    Optional<User> found =
        who.contains("@")
            ? service.users().findByEmail(who)
            : service.users().find(id(option, who));
    if (found.isPresent()) {
      return found.get();
    }
    if (name.isEmpty() || !who.contains("@")) {
      // Not repeated: messages may end in logs, and an address is personal.
      throw new CliException(
          ExitStatus.REFUSED,
          "There is no user as in %s. Check it; to make the user, give an e-mail address and %s-name."
              .formatted(option, option));
    }
    return service.users().create(new NewUser(name.get(), who, role));
  }

  private static UUID id(String option, String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new CliException(
          ExitStatus.USAGE, option + " must be an e-mail address or a user's id.", e);
    }
  }
}
