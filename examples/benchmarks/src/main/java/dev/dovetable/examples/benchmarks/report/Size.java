package dev.dovetable.examples.benchmarks.report;

import dev.dovetable.examples.benchmarks.server.BenchmarkException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;

/** How much a run measures: the numbers of a file {@code size-<name>.properties}. */
public final class Size {

  private final String name;
  private final Properties properties;

  private Size(String name, Properties properties) {
    this.name = name;
    this.properties = properties;
  }

  public static Size of(String name) {
    try (InputStream in = Size.class.getResourceAsStream("size-" + name + ".properties")) {
      if (in == null) {
        throw new BenchmarkException("There is no size " + name + ". " + Options.USAGE);
      }
      Properties properties = new Properties();
      properties.load(in);
      return new Size(name, properties);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String name() {
    return name;
  }

  public int count(String key) {
    return Integer.parseInt(value(key));
  }

  public List<Integer> counts(String key) {
    return Arrays.stream(value(key).split(",")).map(String::strip).map(Integer::valueOf).toList();
  }

  public Duration milliseconds(String key) {
    return Duration.ofMillis(count(key));
  }

  /** For {@code WarmUp}. */
  public Duration warmUpLimit() {
    return milliseconds("warmUpLimitMs");
  }

  private String value(String key) {
    String value = properties.getProperty(key);
    if (value == null) {
      throw new BenchmarkException("size-" + name + ".properties has no " + key);
    }
    return value.strip();
  }
}
