package dev.dovetable.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.examples.benchmarks.report.Figure;
import dev.dovetable.examples.benchmarks.report.Options;
import dev.dovetable.examples.benchmarks.report.Results;
import dev.dovetable.examples.benchmarks.report.Target;
import dev.dovetable.examples.benchmarks.server.BenchmarkServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every row runs from end to end, so that the benchmarks can't rot. What they measure is nothing.
 */
class BenchmarksTest {

  private static final Set<String> KEYS =
      Set.of("number", "work", "value", "unit", "reference", "ratio", "target", "met");

  @TempDir private Path directory;

  @Test
  @Timeout(600)
  void measuresEveryRow() throws IOException {
    Output output = new Output();
    int status = Benchmarks.run(output.stream(), "--size=tiny", "--output=" + directory);

    assertThat(status).as(output.text()).isZero();
    JsonNode rows = JsonMapper.shared().readTree(read("results.json"));
    Set<Integer> numbers = new TreeSet<>();
    for (JsonNode row : rows) {
      assertThat(row.propertyNames()).containsAll(KEYS);
      assertThat(row.get("value").isNumber()).as(row.toString()).isTrue();
      assertThat(row.get("met").isNull()).isEqualTo(row.get("target").asString().equals("shown"));
      numbers.add(row.get("number").asInt());
    }
    assertThat(numbers).containsExactlyElementsOf(TableOfRows.NUMBERS);
    assertThat(read("results.md")).contains("--size=tiny", "| PostgreSQL | ");
    for (String plot : TableOfRows.PLOTS) {
      assertThat(read(plot + ".svg")).contains("<svg", "</svg>");
    }
  }

  @Test
  void goesOnAfterAFailure() {
    Output output = new Output();
    Results results = new Results();
    Options options = Options.parse("--size=tiny", "--rows=3,5");
    try (BenchmarkServer server = BenchmarkServer.start()) {
      Bench bench = new Bench(server, options, output.stream());
      bench.attempt(
          Set.of(3),
          "record",
          results,
          () -> {
            throw new IllegalStateException("no such table");
          });
      bench.attempt(Set.of(4), "not asked for", results, () -> results.add(figure(4)));
      bench.attempt(Set.of(5), "list", results, () -> results.add(figure(5)));
    }

    assertThat(results.figures()).extracting(Figure::number).containsExactly(3, 5);
    assertThat(results.figures().get(0).hasFailed()).isTrue();
    assertThat(results.figures().get(0).note()).contains("no such table");
    assertThat(output.text()).contains("FAILED", "no such table");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    Output output = new Output();

    assertThat(Benchmarks.run(output.stream(), "--size=huge")).isEqualTo(1);
    assertThat(Benchmarks.run(output.stream(), "--rows=one")).isEqualTo(1);
    assertThat(Benchmarks.run(output.stream(), "full")).isEqualTo(1);
    assertThat(output.text()).contains("no size huge", "one", "full", "Usage: ");
  }

  private static Figure figure(int row) {
    return Figure.of(row, "list", 1, "ms", Target.none());
  }

  private String read(String file) throws IOException {
    return Files.readString(directory.resolve(file));
  }

  private static final class Output {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    PrintStream stream() {
      return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }

  private static final class TableOfRows {
    static final Set<Integer> NUMBERS =
        new TreeSet<>(Set.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19));
    static final Set<String> PLOTS =
        Set.of(
            "conversations",
            "create-agent",
            "delete-agent",
            "migrate-agents",
            "traffic",
            "catalogue-memory");
  }
}
