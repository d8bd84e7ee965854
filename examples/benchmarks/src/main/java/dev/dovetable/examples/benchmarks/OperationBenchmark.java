package dev.dovetable.examples.benchmarks;

import dev.dovetable.examples.benchmarks.work.Alternative;
import dev.dovetable.examples.benchmarks.work.Operation;
import dev.dovetable.examples.benchmarks.work.Subject;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What JMH runs: one alternative, in a JVM that has seen no other. {@link Jmh} sets the values. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // by JMH
public class OperationBenchmark {

  /** The name of an {@link Alternative}. */
  @Param("")
  public String alternative;

  /** {@link Subject#url()}. */
  @Param("")
  public String url;

  /** {@link Subject#superuserUrl()}. */
  @Param("")
  public String superuserUrl;

  /** {@link Subject#prefix()}. */
  @Param("")
  public String prefix;

  /** {@link Subject#customers()}. */
  @Param("0")
  public int customers;

  /** {@link Subject#page()}. */
  @Param("0")
  public int page;

  /** {@link Subject#connections()}. */
  @Param("0")
  public int connections;

  /** {@link Subject#port()}. */
  @Param("0")
  public int port;

  /**
   * For how long at most the operation runs without a detour before it is measured, in
   * milliseconds: what a JVM compiles only after thousands of operations would take minutes over a
   * slow network.
   */
  @Param("0")
  public long warmUpLimitMs;

  private Operation operation;

  /** For JMH. */
  public OperationBenchmark() {}

  /**
   * Warms up, and connects.
   *
   * @throws Exception if the operation can't be made
   */
  @Setup
  public void open() throws Exception {
    Alternative what = Alternative.valueOf(alternative);
    Subject subject = new Subject(url, superuserUrl, prefix, customers, page, connections, port);
    Operation warmUp = what.open(subject.direct());
    try {
      WarmUp.run(Duration.ofMillis(warmUpLimitMs), warmUp::run);
    } finally {
      warmUp.close();
    }
    operation = what.open(subject);
  }

  /**
   * Does it once.
   *
   * @return what it read
   * @throws Exception if it fails
   */
  @Benchmark
  public Object run() throws Exception {
    return operation.run();
  }

  /** Disconnects. */
  @TearDown
  public void close() {
    operation.close();
  }
}
