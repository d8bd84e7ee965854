package dev.dovetable.examples.cli;

import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.failures.Failures;
import dev.dovetable.examples.cli.failures.UsageErrors;
import dev.dovetable.examples.cli.terminal.Shell;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/**
 * Installs, migrates and examines a CRM's database from a terminal or a script. Results go to
 * standard output, everything else to standard error.
 */
@Command(
    name = "crm-cli",
    synopsisSubcommandLabel = "<command>",
    description = "Installs, migrates and examines a Dovetable database.",
    versionProvider = Version.class)
public final class CrmCli {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text; <command> --help shows that of a command.")
  private boolean help;

  @Option(names = "--version", versionHelp = true, description = "Shows the version.")
  private boolean version;

  /** Loggers are held weakly, and would forget their level. */
  private static final Logger DRIVER = Logger.getLogger("org.postgresql");

  private CrmCli() {}

  /**
   * Runs a command and ends the JVM with its exit status; {@code --help} lists both.
   *
   * @param arguments the command line
   */
  public static void main(String... arguments) {
    // The same numbers everywhere: they are read by scripts.
    Locale.setDefault(Locale.ROOT);
    DRIVER.setLevel(Level.OFF);
    System.exit(run(Shell.current(), arguments));
  }

  static int run(Shell shell, String... arguments) {
    return commandLine(shell).execute(arguments);
  }

  private static CommandLine commandLine(Shell shell) {
    CommandLine agents =
        new CommandLine(new AgentsCommand())
            .addSubcommand(new AgentsListCommand(shell))
            .addSubcommand(new AgentsCreateCommand(shell))
            .addSubcommand(new AgentsDeleteCommand(shell))
            .addSubcommand(new AgentsSizeCommand(shell))
            .addSubcommand(new AgentsExportCommand(shell))
            .addSubcommand(new AgentsImportCommand(shell))
            .addSubcommand(new AgentsCheckCommand(shell))
            .addSubcommand(new AgentsCloneCommand(shell));
    CommandLine extensions =
        new CommandLine(new ExtensionsCommand())
            .addSubcommand(new ExtensionsWithdrawCommand(shell))
            .addSubcommand(new ExtensionsReplaceCommand(shell));
    CommandLine commandLine =
        new CommandLine(new CrmCli())
            .addSubcommand(new InstallCommand(shell))
            .addSubcommand(new StatusCommand(shell))
            .addSubcommand(new MigrateCommand(shell))
            .addSubcommand(new DoctorCommand(shell))
            .addSubcommand(agents)
            .addSubcommand(extensions)
            .addSubcommand(new FleetCommand(shell))
            .addSubcommand(new ExportCommand(shell));
    describeExitCodes(commandLine);
    return commandLine
        .setOut(new PrintWriter(shell.out(), true))
        .setErr(new PrintWriter(shell.err(), true))
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(shell.terminal().color() ? Ansi.ON : Ansi.OFF))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(shell.terminal().output())
        .registerConverter(Duration.class, Durations::parse)
        .setParameterExceptionHandler(
            (e, ignored) -> {
              shell.err().println("crm-cli: " + UsageErrors.message(e));
              return ExitStatus.USAGE.code();
            })
        .setExecutionExceptionHandler((e, command, ignored) -> report(e, command, shell));
  }

  private static void describeExitCodes(CommandLine commandLine) {
    commandLine
        .getCommandSpec()
        .usageMessage()
        .exitCodeListHeading("Exit codes:%n")
        .exitCodeList(ExitStatus.meanings());
    commandLine.getSubcommands().values().forEach(CrmCli::describeExitCodes);
  }

  private static int report(Exception e, CommandLine command, Shell shell) {
    ExitStatus status = Failures.status(e);
    String help = status == ExitStatus.USAGE ? UsageErrors.seeHelp(command) : "";
    shell.err().println("crm-cli: " + Failures.message(e) + help);
    if (command.getCommand() instanceof CrmCommand failed && failed.verbose()) {
      e.printStackTrace(shell.err());
    }
    return status.code();
  }
}
