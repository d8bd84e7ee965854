package dev.dovetable.examples.benchmarks.server;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the figures depend on: the machine, and versions of what takes part. */
public final class Machine {

  private static final double GIBIBYTE = 1L << 30;

  private Machine() {}

  public static Map<String, String> describe(BenchmarkServer server) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "Processor",
        "%d cores, %s"
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                line("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch", ""))));
    line("/proc/meminfo", "MemTotal")
        .map(kilobytes -> Long.parseLong(kilobytes.replaceAll("\\D", "")) * 1024)
        .ifPresent(
            bytes -> facts.put("Memory", String.format(Locale.ROOT, "%.0f GiB", bytes / GIBIBYTE)));
    facts.put("Disk", disk());
    facts.put("System", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("Java", System.getProperty("java.vm.name") + " " + Runtime.version());
    facts.put("PostgreSQL", server.show("server_version"));
    facts.put(
        "Settings",
        new TreeMap<>(BenchmarkServer.SETTINGS)
            .entrySet().stream()
                .map(setting -> setting.getKey() + " = " + setting.getValue())
                .collect(Collectors.joining(", ")));
    facts.put("Libraries", libraries());
    return facts;
  }

  private static String disk() {
    try {
      FileStore store =
          Files.getFileStore(
              Path.of(System.getProperty("crm.testkit.directory", "")).toAbsolutePath());
      return store.type();
    } catch (IOException e) {
      return "unknown: " + e.getMessage();
    }
  }

  /** From the names of their files. */
  private static String libraries() {
    return Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
        .map(path -> Path.of(path).getFileName().toString().replaceAll("\\.jar$", ""))
        .filter(
            name ->
                Stream.of("jooq", "postgresql", "HikariCP", "hibernate-core", "jmh-core")
                    .anyMatch(library -> name.matches(library + "-\\d.*")))
        .sorted(String.CASE_INSENSITIVE_ORDER)
        .collect(Collectors.joining(", "));
  }

  private static Optional<String> line(String file, String key) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty(); // Other systems than Linux have no such file.
    }
  }
}
