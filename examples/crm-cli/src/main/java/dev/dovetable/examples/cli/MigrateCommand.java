package dev.dovetable.examples.cli;

import dev.dovetable.examples.cli.database.Database;
import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.failures.Usage;
import dev.dovetable.examples.cli.terminal.Output;
import dev.dovetable.examples.cli.terminal.Progress;
import dev.dovetable.examples.cli.terminal.Shell;
import dev.dovetable.examples.cli.terminal.Text;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrationPlan;
import dev.dovetable.schema.migration.AgentMigrationReport;
import dev.dovetable.schema.migration.AgentMigrationReport.Result;
import dev.dovetable.schema.migration.AgentMigrationReport.Status;
import dev.dovetable.schema.migration.AgentMigrations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crm-cli migrate}. */
@Command(
    name = "migrate",
    description = {
      "Brings all agents' tables to the versions that the database knows, and to those in the"
          + " folders given.",
      "Each agent is a transaction of its own: one that fails stays as it was, the others go on,"
          + " and the next run does what is missing. Ctrl-C ends it after the transactions in"
          + " flight."
    })
final class MigrateCommand extends DatabaseCommand {
  @Option(
      names = "--extension",
      paramLabel = "<name=folder>",
      description =
          "An extension and the folder of its versions, 001_….sql and so on; can be repeated.")
  private Map<String, Path> extensions = new LinkedHashMap<>();

  @Option(
      names = "--connections",
      paramLabel = "<n>",
      description = "How many agents are done at a time; default: ${DEFAULT-VALUE}.")
  private int connections = 4;

  @Option(
      names = "--rate",
      paramLabel = "<n>",
      description = "How many agents are begun in a second, at most; default: no limit.")
  private Optional<Integer> rate = Optional.empty();

  @Option(
      names = "--lock-timeout",
      paramLabel = "<time>",
      description =
          "How long to wait for one lock, and so how long the agent's own statements may have to"
              + " wait, before it is tried again later; default: 200ms.")
  private Duration lockTimeout = Duration.ofMillis(200);

  @Option(
      names = "--statement-timeout",
      paramLabel = "<time>",
      description = "How long an agent's migration may take before it fails; default: 5min.")
  private Duration statementTimeout = Duration.ofMinutes(5);

  @Option(
      names = "--give-up-after",
      paramLabel = "<time>",
      description = "How long an agent is tried again; default: 30s.")
  private Duration giveUpAfter = Duration.ofSeconds(30);

  @Option(names = "--stop-at-first-failure", description = "Ends at the first agent that fails.")
  private boolean stopAtFirstFailure;

  @Option(
      names = "--dry-run",
      description = "Shows the agents, and the SQL for one of them; changes nothing.")
  private boolean dryRun;

  private List<AgentExtension> read = List.of();

  MigrateCommand(Shell shell) {
    super(shell);
  }

  private record DryRun(List<String> agents, String sql) {}

  private record Document(
      List<String> registered,
      int migrated,
      int failed,
      int deleted,
      int remaining,
      boolean complete,
      long durationMs,
      List<AgentResult> agents) {}

  private record AgentResult(
      long id,
      String prefix,
      Status status,
      int versions,
      int attempts,
      long durationMs,
      Optional<String> error) {}

  @Override
  void check() {
    read =
        extensions.entrySet().stream()
            .map(
                extension ->
                    Usage.check(
                        () ->
                            AgentExtension.fromDirectory(extension.getKey(), extension.getValue())))
            .toList();
    Usage.check(this::settings);
  }

  @Override
  int connections() {
    return connections + 1;
  }

  private AgentMigrations.Builder settings() {
    AgentMigrations.Builder settings =
        AgentMigrations.builder(read.toArray(AgentExtension[]::new))
            .schema(schema())
            .connections(connections)
            .lockTimeout(lockTimeout)
            .statementTimeout(statementTimeout)
            .giveUpAfter(giveUpAfter);
    rate.ifPresent(settings::agentsPerSecond);
    if (stopAtFirstFailure) {
      settings.stopAtFirstFailure();
    }
    settings.build(); // refuses what is out of bounds
    return settings;
  }

  @Override
  ExitStatus run(Database database, Output output) {
    if (dryRun) {
      AgentMigrationPlan plan = settings().build().plan(database.dataSource());
      output.show(new DryRun(plan.agents(), plan.sql()), () -> print(plan, output));
      return ExitStatus.FINE;
    }
    try (Interruption interruption = Interruption.listen(shell().err())) {
      AgentMigrationReport report = migrate(database, interruption);
      output.show(document(report), () -> print(report, output));
      return report.isComplete() ? ExitStatus.FINE : ExitStatus.NOT_FINE;
    }
  }

  private AgentMigrationReport migrate(Database database, Interruption interruption) {
    AtomicInteger failed = new AtomicInteger();
    try (Progress progress = Progress.of("Migrating", "agent", shell())) {
      return settings()
          .stopWhen(interruption::requested)
          .listener(
              (result, done, total) -> {
                result
                    .error()
                    .ifPresent(
                        error -> {
                          failed.incrementAndGet();
                          progress.line(result.prefix() + ": " + Text.oneLine(error));
                        });
                progress.show(done, total, failed.get());
              })
          .build()
          .run(database.dataSource());
    }
  }

  private static Document document(AgentMigrationReport report) {
    return new Document(
        report.registered(),
        count(report, Status.MIGRATED),
        count(report, Status.FAILED),
        count(report, Status.DELETED),
        report.remaining(),
        report.isComplete(),
        report.duration().toMillis(),
        report.results().stream().map(MigrateCommand::result).toList());
  }

  private static AgentResult result(Result result) {
    return new AgentResult(
        result.agentId(),
        result.prefix(),
        result.status(),
        result.versions(),
        result.attempts(),
        result.duration().toMillis(),
        result.error());
  }

  private static int count(AgentMigrationReport report, Status status) {
    return (int) report.results().stream().filter(one -> one.status() == status).count();
  }

  private static void print(AgentMigrationPlan plan, Output output) {
    if (plan.agents().isEmpty()) {
      output.line("All agents are up to date.");
      return;
    }
    output.line("-- " + Text.count(plan.agents().size(), "agent") + " not up to date:");
    output.paragraph("--   ", String.join(" ", plan.agents()));
    output.line("-- SQL for " + plan.agents().get(0) + ":");
    output.line(Text.lines(plan.sql().strip()));
  }

  private static void print(AgentMigrationReport report, Output output) {
    report.registered().forEach(version -> output.line("Registered " + version));
    if (report.results().isEmpty() && report.remaining() == 0) {
      output.line("All agents are up to date.");
      return;
    }
    int migrated = count(report, Status.MIGRATED);
    int failed = count(report, Status.FAILED);
    int deleted = count(report, Status.DELETED);
    output.line(
        "%s migrated in %s%s%s%s"
            .formatted(
                Text.count(migrated, "agent"),
                Text.duration(report.duration()),
                failed == 0 ? "" : ", " + output.bad(failed + " failed"),
                deleted == 0 ? "" : ", " + deleted + " deleted meanwhile",
                report.remaining() == 0 ? "" : ", " + output.bad(report.remaining() + " left")));
    if (!report.isComplete()) {
      output.line("Run it again to do what is missing.");
    }
  }
}
