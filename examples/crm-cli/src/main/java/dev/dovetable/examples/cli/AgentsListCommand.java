package dev.dovetable.examples.cli;

import dev.dovetable.core.ActorScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.users.User;
import dev.dovetable.examples.cli.database.Database;
import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.terminal.Output;
import dev.dovetable.examples.cli.terminal.Shell;
import dev.dovetable.examples.cli.terminal.Table;
import dev.dovetable.examples.cli.terminal.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import picocli.CommandLine.Command;

/** {@code crm-cli agents list}. */
@Command(name = "list", description = "Lists all agents in the order in which they were made.")
final class AgentsListCommand extends DatabaseCommand {
  private static final int PAGE = 1000;

  AgentsListCommand(Shell shell) {
    super(shell);
  }

  private record Document(List<Row> agents) {}

  private record Row(
      long id,
      String prefix,
      Optional<UUID> userId,
      Optional<String> userEmail,
      UUID createdBy,
      Optional<String> createdByEmail,
      Instant createdAt) {}

  @Override
  ExitStatus run(Database database, Output output) {
    ActorScope service = database.crm().asService();
    Map<UUID, String> emails = new HashMap<>();
    for (User user : all(service.users()::list)) {
      emails.put(user.id(), user.email());
    }
    List<Row> rows = all(service.agents()::list).stream().map(agent -> row(agent, emails)).toList();
    output.show(new Document(rows), () -> print(rows, output));
    return ExitStatus.FINE;
  }

  private static Row row(Agent agent, Map<UUID, String> emails) {
    return new Row(
        agent.id(),
        agent.prefix(),
        agent.userId(),
        agent.userId().map(emails::get),
        agent.createdBy(),
        Optional.ofNullable(emails.get(agent.createdBy())),
        agent.createdAt());
  }

  private static void print(List<Row> rows, Output output) {
    if (rows.isEmpty()) {
      output.line("No agents.");
      return;
    }
    Table table = new Table("Agent", ">Id", "User", "Created by", "Created (UTC)");
    for (Row row : rows) {
      table.row(
          row.prefix(),
          Long.toString(row.id()),
          row.userEmail().orElse("–"),
          row.createdByEmail().orElse("–"),
          Text.time(row.createdAt()));
    }
    output.table(table);
  }

  private static <T> List<T> all(Function<PageRequest, Page<T>> list) {
    List<T> all = new ArrayList<>();
    PageRequest first = PageRequest.first(PAGE);
    Page<T> page = list.apply(first);
    all.addAll(page.items());
    while (page.next().isPresent()) {
      page = list.apply(first.after(page.next().get()));
      all.addAll(page.items());
    }
    return all;
  }
}
