package dev.dovetable.examples.cli;

import static java.util.Objects.requireNonNull;

import dev.dovetable.examples.cli.database.Databases;
import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.failures.Failures;
import dev.dovetable.examples.cli.failures.Usage;
import dev.dovetable.examples.cli.terminal.Output;
import dev.dovetable.examples.cli.terminal.Shell;
import dev.dovetable.examples.cli.terminal.Text;
import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.doctor.DoctorReport;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.schema.fleet.DatabaseFleet;
import dev.dovetable.schema.fleet.DirectoryFinding;
import dev.dovetable.schema.fleet.DirectoryReport;
import dev.dovetable.schema.fleet.FleetDirectory;
import dev.dovetable.schema.fleet.FleetReport;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.install.InstallReport;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrationReport;
import dev.dovetable.schema.migration.AgentMigrations;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crm-cli fleet}. */
@Command(
    name = "fleet",
    description = {
      "Does in several databases at the same time what the commands of these names do in one, and"
          + " tells what came of each: that one fails hides nothing of the others.",
      "install also enrols them in the directory, which the first database keeps: each gets its part"
          + " of the ids, and agents that aren't listed are. doctor compares both, too."
    })
final class FleetCommand extends CrmCommand {
  private static final int CONNECTIONS = 5;

  @Parameters(
      index = "0",
      paramLabel = "<command>",
      description = "${COMPLETION-CANDIDATES}, in lower case or not.")
  private Action action = Action.DOCTOR;

  @Option(
      names = "--database",
      required = true,
      paramLabel = "<name=address>",
      description =
          "A database's name in the directory, and its address as in --url of the other commands;"
              + " to be repeated.")
  private Map<String, String> databases = new LinkedHashMap<>();

  @Option(
      names = "--home",
      paramLabel = "<name>",
      description = "The database that keeps the directory; default: the first one.")
  private Optional<String> home = Optional.empty();

  @Option(
      names = "--schema",
      paramLabel = "<name>",
      description = "The schema that holds the tables; default: ${DEFAULT-VALUE}.")
  private String schema = "public";

  @Option(
      names = "--extension",
      paramLabel = "<name=folder>",
      description = "For migrate: an extension and the folder of its versions; can be repeated.")
  private Map<String, Path> extensions = new LinkedHashMap<>();

  private enum Action {
    INSTALL,
    MIGRATE,
    DOCTOR
  }

  FleetCommand(Shell shell) {
    super(shell);
  }

  private record Document(
      boolean healthy, List<Result> databases, Optional<List<Disagreement>> directory) {}

  private record Result(String database, boolean healthy, String said) {}

  private record Disagreement(
      DirectoryFinding.Code code, String subject, String databases, boolean mended) {}

  @Override
  ExitStatus run(Output output) {
    try (Databases all = new Databases(databases, schema, shell(), CONNECTIONS)) {
      DatabaseFleet fleet = all.fleet();
      FleetDirectory directory =
          Usage.check(() -> fleet.directoryIn(home.orElse(fleet.names().get(0))));
      Document document =
          switch (action) {
            case INSTALL -> install(fleet, directory);
            case MIGRATE -> migrate(fleet);
            case DOCTOR -> examine(fleet, directory);
          };
      output.show(document, () -> print(document, output));
      return document.healthy() ? ExitStatus.FINE : ExitStatus.NOT_FINE;
    }
  }

  private Document install(DatabaseFleet fleet, FleetDirectory directory) {
    CrmSchema crm = Usage.check(() -> CrmSchema.builder().schema(schema).build());
    FleetReport<InstallReport> report = fleet.run(crm::install);
    List<Result> results =
        results(
            fleet,
            report,
            one -> "%s, version %d".formatted(one.outcome(), one.version()),
            one -> true);
    return document(results, Optional.of(directory.enrol()), true);
  }

  private Document migrate(DatabaseFleet fleet) {
    AgentExtension[] read =
        extensions.entrySet().stream()
            .map(
                each ->
                    Usage.check(() -> AgentExtension.fromDirectory(each.getKey(), each.getValue())))
            .toArray(AgentExtension[]::new);
    AgentMigrations migrations =
        Usage.check(() -> AgentMigrations.builder(read).schema(schema).build());
    FleetReport<AgentMigrationReport> report = fleet.run(migrations::run);
    return document(
        results(fleet, report, FleetCommand::said, AgentMigrationReport::isComplete),
        Optional.empty(),
        false);
  }

  private static String said(AgentMigrationReport report) {
    return report.isComplete() && report.results().isEmpty()
        ? "all agents are up to date"
        : "%s done, %d failed, %d left"
            .formatted(
                Text.count(report.results().size() - report.failures().size(), "agent"),
                report.failures().size(),
                report.remaining());
  }

  private Document examine(DatabaseFleet fleet, FleetDirectory directory) {
    CrmDoctor doctor = Usage.check(() -> CrmDoctor.builder().schema(schema).build());
    FleetReport<DoctorReport> report = fleet.run(doctor::examine);
    List<Result> results =
        results(
            fleet,
            report,
            one ->
                one.findings().isEmpty()
                    ? "no findings"
                    : Text.count(one.findings().size(), "finding")
                        + ": crm-cli doctor --url … shows them",
            DoctorReport::isHealthy);
    return document(results, Optional.of(directory.check()), false);
  }

  private interface Telling<T> {
    String of(T report);
  }

  private interface Judging<T> {
    boolean isHealthy(T report);
  }

  private static <T> List<Result> results(
      DatabaseFleet fleet, FleetReport<T> report, Telling<T> telling, Judging<T> judging) {
    return fleet.names().stream()
        .map(
            name -> {
              CrmException failure = report.failed().get(name);
              if (failure != null) {
                return new Result(name, false, Failures.message(failure));
              }
              T done = requireNonNull(report.done().get(name));
              return new Result(name, judging.isHealthy(done), telling.of(done));
            })
        .toList();
  }

  private static Document document(
      List<Result> results, Optional<DirectoryReport> directory, boolean mends) {
    Optional<List<Disagreement>> found =
        directory.map(
            report ->
                report.findings().stream()
                    .map(
                        one ->
                            new Disagreement(
                                one.code(),
                                one.subject(),
                                one.databases(),
                                mends && one.code().isMendable()))
                    .toList());
    boolean agrees = found.stream().flatMap(List::stream).allMatch(Disagreement::mended);
    boolean asked = directory.map(report -> report.failed().isEmpty()).orElse(true);
    boolean done = results.stream().allMatch(Result::healthy);
    return new Document(done && agrees && asked, results, found);
  }

  private static void print(Document document, Output output) {
    for (Result one : document.databases()) {
      output.paragraph(
          "", one.database() + ": " + (one.healthy() ? one.said() : output.bad(one.said())));
    }
    Stream<Disagreement> all = document.directory().stream().flatMap(List::stream);
    all.forEach(
        one ->
            output.line(
                "directory: %s %s (%s)%s"
                    .formatted(
                        one.code(),
                        one.subject(),
                        one.databases(),
                        one.mended() ? ", mended" : "")));
  }
}
