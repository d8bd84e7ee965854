package dev.dovetable.examples.benchmarks;

import dev.dovetable.examples.benchmarks.report.Samples;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * Runs work until the JVM has compiled what it will compile, which takes some alternatives a second
 * and others fifteen.
 */
final class WarmUp {

  private static final long SLICE_NANOS = Duration.ofMillis(500).toNanos();

  /** The compiler pauses at times while it waits for figures to decide by. */
  private static final int QUIET_SLICES = 3;

  /** For how much of a slice the compiler may still be at work. */
  private static final double QUIET = 0.05;

  private WarmUp() {}

  /**
   * Warms up.
   *
   * @param limit after which the work is not begun again, quiet or not
   */
  static void run(Duration limit, Samples.Work work) throws Exception {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    long begin = System.nanoTime();
    long slice = begin;
    long compiled = compiler.getTotalCompilationTime();
    int quiet = 0;
    while (quiet < QUIET_SLICES && System.nanoTime() - begin < limit.toNanos()) {
      work.run();
      long length = System.nanoTime() - slice;
      if (length >= SLICE_NANOS) {
        long now = compiler.getTotalCompilationTime();
        quiet = (now - compiled) * 1e6 < QUIET * length ? quiet + 1 : 0;
        slice += length;
        compiled = now;
      }
    }
  }
}
