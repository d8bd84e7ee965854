package dev.dovetable.examples.cli;

import dev.dovetable.examples.cli.database.Database;
import dev.dovetable.examples.cli.failures.CliException;
import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.failures.Usage;
import dev.dovetable.examples.cli.failures.Wording;
import dev.dovetable.examples.cli.terminal.Output;
import dev.dovetable.examples.cli.terminal.Shell;
import dev.dovetable.examples.cli.terminal.Text;
import dev.dovetable.schema.doctor.Capacity;
import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.doctor.DoctorReport;
import dev.dovetable.schema.doctor.Finding;
import dev.dovetable.schema.doctor.OrderTotals;
import dev.dovetable.schema.doctor.RepairReport;
import dev.dovetable.schema.doctor.RepairReport.Outcome;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crm-cli doctor}. */
@Command(
    name = "doctor",
    description =
        "Compares the installation and every agent's tables with fresh ones, and order totals with"
            + " their items. Changes nothing without --repair.")
final class DoctorCommand extends DatabaseCommand {
  @Option(
      names = "--repair",
      description =
          "Shows the SQL that repairs what can be repaired without touching data, asks, and runs"
              + " it.")
  private boolean repair;

  @Option(names = "--yes", description = "Doesn't ask.")
  private boolean yes;

  @Option(
      names = "--totals",
      paramLabel = "<which>",
      description =
          "Which order totals are compared: none, sampled (each agent's 20 newest orders) or full;"
              + " default: sampled.")
  private OrderTotals totals = OrderTotals.SAMPLED;

  @Option(
      names = "--login-role",
      paramLabel = "<role>",
      description =
          "The role that the application logs in as; whether it is a member of what it acts as is"
              + " looked at if it is named.")
  private Optional<String> loginRole = Optional.empty();

  DoctorCommand(Shell shell) {
    super(shell);
  }

  private record Document(
      String schema,
      boolean healthy,
      List<Found> findings,
      Optional<List<Repaired>> repaired,
      Optional<List<Found>> remaining,
      Capacity capacity,
      long durationMs) {}

  /** The library's record would show its methods, too. */
  private record Found(
      Finding.Code code,
      Finding.Severity severity,
      Optional<String> prefix,
      String object,
      String problem,
      String remedy,
      List<String> repair) {}

  private record Repaired(
      Finding.Code code,
      Optional<String> prefix,
      String object,
      Outcome outcome,
      Optional<String> error) {}

  @Override
  void check() {
    if (repair && !yes && !shell().terminal().input()) {
      throw new CliException(
          ExitStatus.REFUSED, "Nobody is there to be asked. Add --yes if the repair is meant.");
    }
  }

  @Override
  ExitStatus run(Database database, Output output) {
    CrmDoctor.Builder settings = CrmDoctor.builder().schema(schema()).orderTotals(totals);
    CrmDoctor doctor =
        Usage.check(
            () -> {
              loginRole.ifPresent(settings::loginRole);
              return settings.build();
            });
    if (shell().terminal().error()) {
      output.notice("Examining schema " + schema() + " …");
    }
    DoctorReport found = doctor.examine(database.dataSource());
    DoctorPrinter printer = new DoctorPrinter(output);
    if (!repair || found.repairable().isEmpty()) {
      output.show(
          document(found, Optional.empty(), Optional.empty()),
          () -> {
            printer.print(found);
            found.repairable().stream()
                .findAny()
                .ifPresent(any -> output.line("To repair what can be: crm-cli doctor --repair"));
          });
      return status(found);
    }
    confirm(found, output);
    RepairReport repaired = doctor.repair(database.dataSource(), found);
    DoctorReport after = doctor.examine(database.dataSource());
    output.show(
        document(found, Optional.of(repaired), Optional.of(after)),
        () -> {
          printer.print(repaired);
          printer.print(after);
        });
    return status(after);
  }

  private static ExitStatus status(DoctorReport report) {
    return report.isHealthy() ? ExitStatus.FINE : ExitStatus.NOT_FINE;
  }

  /** Shown where the question is asked: never among the results. */
  private void confirm(DoctorReport found, Output output) {
    int findings = found.repairable().size();
    for (Finding finding : found.repairable()) {
      output.notice(
          Text.oneLine(
              "-- %s: %s %s: %s"
                  .formatted(
                      finding.prefix().orElse("installation"),
                      finding.code(),
                      finding.object(),
                      finding.problem())));
      finding.repair().forEach(statement -> output.notice(Text.lines(statement) + ";"));
    }
    if (yes) {
      return;
    }
    String question =
        "Run this to repair %s? Type yes: ".formatted(Text.count(findings, "finding"));
    if (!shell().ask(question).orElse("").equals("yes")) {
      throw new CliException(ExitStatus.REFUSED, "That was not a yes; nothing was changed.");
    }
  }

  private static Document document(
      DoctorReport found, Optional<RepairReport> repaired, Optional<DoctorReport> after) {
    DoctorReport latest = after.orElse(found);
    return new Document(
        found.schema(),
        latest.isHealthy(),
        findings(found),
        repaired.map(report -> report.results().stream().map(DoctorCommand::repaired).toList()),
        after.map(DoctorCommand::findings),
        latest.capacity(),
        found.duration().toMillis());
  }

  private static List<Found> findings(DoctorReport report) {
    return report.findings().stream()
        .map(
            finding ->
                new Found(
                    finding.code(),
                    finding.severity(),
                    finding.prefix(),
                    finding.object(),
                    finding.problem(),
                    Wording.of(finding.remedy()),
                    finding.repair()))
        .toList();
  }

  private static Repaired repaired(RepairReport.Result result) {
    Finding finding = result.finding();
    return new Repaired(
        finding.code(), finding.prefix(), finding.object(), result.outcome(), result.error());
  }
}
