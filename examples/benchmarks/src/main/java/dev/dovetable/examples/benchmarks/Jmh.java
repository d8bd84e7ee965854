package dev.dovetable.examples.benchmarks;

import dev.dovetable.examples.benchmarks.report.Samples;
import dev.dovetable.examples.benchmarks.report.Size;
import dev.dovetable.examples.benchmarks.work.Alternative;
import dev.dovetable.examples.benchmarks.work.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures alternatives by JMH, in turn, each in a fresh JVM each time (but for tiny sizes). */
final class Jmh {

  /** An operation that fails ends its JVM; one that hangs is ended. */
  private static final TimeValue LIMIT = TimeValue.minutes(5);

  private static final int MEDIAN = 50;

  private final Bench bench;

  Jmh(Bench bench) {
    // Several builds on one machine may well measure at the same time, if only to test this.
    System.setProperty("jmh.ignoreLock", "true");
    this.bench = bench;
  }

  /** How long one takes: milliseconds, the median of each round. */
  Samples times(Subject subject, Alternative... alternatives) throws Exception {
    return measure(subject, Mode.SampleTime, 1, alternatives);
  }

  /** How many are done in a second by several threads. */
  Samples rates(Subject subject, int threads, Alternative... alternatives) throws Exception {
    return measure(subject, Mode.Throughput, threads, alternatives);
  }

  private Samples measure(Subject subject, Mode mode, int threads, Alternative... alternatives)
      throws Exception {
    Map<String, Samples.Task> tasks = new LinkedHashMap<>();
    for (Alternative alternative : alternatives) {
      tasks.put(alternative.words(), () -> one(subject, alternative, mode, threads));
    }
    return Samples.collect(bench.size().count("jmh.rounds"), tasks);
  }

  /** One JVM's figure. */
  double one(Subject subject, Alternative alternative, Mode mode, int threads)
      throws IOException, RunnerException {
    bench.progress("  JMH: " + alternative.words());
    Path log = Files.createTempFile("jmh-", ".log");
    try {
      RunResult run = new Runner(options(subject, alternative, mode, threads, log)).runSingle();
      Result<?> result = run.getPrimaryResult();
      return mode == Mode.Throughput
          ? result.getScore()
          : result.getStatistics().getPercentile(MEDIAN) / 1e6;
    } catch (RunnerException e) {
      bench.progress(Files.readString(log));
      throw e;
    } finally {
      Files.delete(log);
    }
  }

  private Options options(
      Subject subject, Alternative alternative, Mode mode, int threads, Path log) {
    Size size = bench.size();
    return new OptionsBuilder()
        .include("^" + OperationBenchmark.class.getName().replace(".", "\\.") + "\\.run$")
        .mode(mode)
        .timeUnit(mode == Mode.Throughput ? TimeUnit.SECONDS : TimeUnit.NANOSECONDS)
        .threads(threads)
        .forks(size.count("jmh.forks"))
        .jvmArgs("-Xms512m", "-Xmx512m")
        .warmupIterations(1)
        .warmupTime(time(size.milliseconds("jmh.prepareMs")))
        .measurementIterations(1)
        .measurementTime(time(size.milliseconds("jmh.measureMs")))
        .timeout(LIMIT)
        .shouldFailOnError(true)
        .output(log.toString())
        .verbosity(VerboseMode.NORMAL)
        .param("alternative", alternative.name())
        .param("url", subject.url())
        .param("superuserUrl", subject.superuserUrl())
        .param("prefix", subject.prefix())
        .param("customers", Integer.toString(subject.customers()))
        .param("page", Integer.toString(subject.page()))
        .param("connections", Integer.toString(subject.connections()))
        .param("port", Integer.toString(subject.port()))
        .param("warmUpLimitMs", Long.toString(size.warmUpLimit().toMillis()))
        .build();
  }

  private static TimeValue time(Duration duration) {
    return TimeValue.milliseconds(duration.toMillis());
  }
}
