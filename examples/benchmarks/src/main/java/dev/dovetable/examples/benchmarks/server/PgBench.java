package dev.dovetable.examples.benchmarks.server;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** PostgreSQL's own benchmark program, where it is installed; the embedded binaries lack it. */
public final class PgBench {

  private static final Pattern RATE = Pattern.compile("(?m)^tps = ([0-9.]+) ");

  /** Debian's places, the newest first. */
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  /** Of each client. */
  private static final int FEW_TRANSACTIONS = 25;

  private final Path program;

  private PgBench(Path program) {
    this.program = program;
  }

  public static Optional<PgBench> find() {
    Stream<Path> path =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .filter(directory -> !directory.isBlank())
            .map(directory -> Path.of(directory, "pgbench"));
    return Stream.concat(debian(), path).filter(Files::isExecutable).findFirst().map(PgBench::new);
  }

  private static Stream<Path> debian() {
    try (Stream<Path> versions = Files.list(DEBIAN)) {
      return versions
          .map(version -> version.resolve("bin").resolve("pgbench"))
          .sorted(Comparator.reverseOrder())
          .toList()
          .stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  /**
   * Runs a script over and over as the superuser.
   *
   * @param length whole seconds; what is shorter is a count of transactions instead, because
   *     pgbench knows no less than a second, and a busy machine may get none done in it
   * @return transactions per second
   */
  public double rate(BenchmarkDatabase database, String script, int clients, Duration length)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile("pgbench-", ".sql");
    try {
      Files.writeString(file, script);
      String output = output(command(database, file, clients, length));
      Matcher rate = RATE.matcher(output);
      if (!rate.find()) {
        throw new BenchmarkException("pgbench failed: " + output.strip());
      }
      return Double.parseDouble(rate.group(1));
    } finally {
      Files.delete(file);
    }
  }

  private List<String> command(
      BenchmarkDatabase database, Path file, int clients, Duration length) {
    return List.of(
        program.toString(),
        "--no-vacuum",
        "--protocol=prepared",
        "--client=" + clients,
        "--jobs=" + Math.min(clients, Runtime.getRuntime().availableProcessors()),
        length.toSeconds() > 0
            ? "--time=" + length.toSeconds()
            : "--transactions=" + FEW_TRANSACTIONS,
        "--file=" + file,
        "--host=" + database.host(),
        "--port=" + database.port(),
        "--username=" + database.superuserName(),
        database.name());
  }

  private static String output(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}
