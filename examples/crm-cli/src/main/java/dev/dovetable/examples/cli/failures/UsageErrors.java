package dev.dovetable.examples.cli.failures;

import dev.dovetable.examples.cli.terminal.Text;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is said about a wrong command line, without what was typed by mistake: it may be secret. */
public final class UsageErrors {
  private UsageErrors() {}

  public static String message(ParameterException e) {
    return Text.sentence(problem(e)) + seeHelp(e.getCommandLine());
  }

  /** Where to read on. */
  public static String seeHelp(CommandLine command) {
    return " See " + command.getCommandSpec().qualifiedName() + " --help.";
  }

  private static String problem(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unexpected(unmatched);
    }
    return withoutSecrets(String.valueOf(e.getMessage()));
  }

  private static String unexpected(UnmatchedArgumentException e) {
    String first = e.getUnmatched().get(0);
    if (first.startsWith("--password") || first.startsWith("-W")) {
      return "A password on the command line would be seen by all users of this machine; use"
          + " PGPASSWORD or ~/.pgpass, or type it when asked";
    }
    if (first.startsWith("-")) {
      String option = first.replaceFirst("=.*", "");
      Optional<String> owner = commandWith(option, e.getCommandLine());
      return owner.isPresent()
          ? "The option " + option + " goes behind the command: " + owner.get() + " " + option
          : "There is no option " + option + didYouMean(e.getCommandLine(), e);
    }
    if (first.contains("://")) {
      return "An address has to follow --url";
    }
    return "Nothing was expected where '"
        + withoutSecrets(first)
        + "' is"
        + didYouMean(e.getCommandLine(), e);
  }

  /** The first command below this one that has the option. */
  private static Optional<String> commandWith(String option, CommandLine above) {
    return above.getSubcommands().values().stream()
        .flatMap(
            command ->
                command.getCommandSpec().findOption(option) == null
                    ? commandWith(option, command).stream()
                    : Stream.of(command.getCommandSpec().qualifiedName()))
        .findFirst();
  }

  private static String didYouMean(CommandLine command, UnmatchedArgumentException e) {
    List<String> similar = e.getSuggestions();
    return similar.isEmpty() || command.getSubcommands().isEmpty() && similar.size() > 3
        ? ""
        : "; did you mean "
            + String.join(" or ", similar.subList(0, Math.min(3, similar.size())))
            + "?";
  }

  private static String withoutSecrets(String text) {
    return text.replace("option option", "option")
        .replaceAll("\\S*://\\S*", "…")
        .replaceAll("(?i)password=\\S*", "password=…");
  }
}
