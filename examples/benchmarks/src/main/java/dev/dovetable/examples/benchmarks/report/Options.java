package dev.dovetable.examples.benchmarks.report;

import dev.dovetable.examples.benchmarks.server.BenchmarkException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What was asked for on the command line.
 *
 * @param size how much is measured
 * @param rows the numbers of the table's rows; all if empty
 * @param output where the results go
 */
public record Options(Size size, Set<Integer> rows, Path output) {

  public static final String USAGE =
      "Usage: [--size=tiny|short|full] [--rows=1,2,…] [--output=<directory>]";

  private static final Path DEFAULT_OUTPUT = Path.of("examples", "benchmarks", "target", "results");

  public Options {
    rows = Set.copyOf(rows);
  }

  public static Options parse(String... arguments) {
    String size = "short";
    Set<Integer> rows = Set.of();
    Path output = DEFAULT_OUTPUT;
    for (String argument : arguments) {
      Optional<String> value = value(argument);
      if (argument.startsWith("--size=") && value.isPresent()) {
        size = value.get();
      } else if (argument.startsWith("--rows=") && value.isPresent()) {
        rows = numbers(value.get());
      } else if (argument.startsWith("--output=") && value.isPresent()) {
        output = Path.of(value.get());
      } else {
        throw new BenchmarkException("Unexpected argument " + argument + ". " + USAGE);
      }
    }
    return new Options(Size.of(size), rows, output);
  }

  public boolean wants(int row) {
    return rows.isEmpty() || rows.contains(row);
  }

  /** The Maven command that does the same. */
  public String command() {
    String numbers =
        rows.isEmpty()
            ? ""
            : " --rows="
                + new TreeSet<>(rows)
                    .stream().map(String::valueOf).collect(Collectors.joining(","));
    String directory = output.equals(DEFAULT_OUTPUT) ? "" : " --output=" + output;
    return "mvn -q -ntp -pl examples/benchmarks -am -Pbenchmarks compile -Dargs=\"--size=%s%s%s\""
        .formatted(size.name(), numbers, directory);
  }

  private static Optional<String> value(String argument) {
    String value = argument.substring(argument.indexOf('=') + 1);
    return value.isBlank() ? Optional.empty() : Optional.of(value);
  }

  private static Set<Integer> numbers(String list) {
    try {
      return Arrays.stream(list.split(","))
          .map(String::strip)
          .map(Integer::valueOf)
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (NumberFormatException e) {
      throw new BenchmarkException("Not numbers of rows: " + list + ". " + USAGE, e);
    }
  }
}
