package dev.dovetable.examples.cli.terminal;

import java.io.PrintStream;
import java.time.Duration;

/** Lines for logs and pipes: not more than one in five seconds, and one at the end. */
public final class LineProgress implements Progress {
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final String task;
  private final String unit;
  private final PrintStream out;
  private final Pace pace;
  private Duration next = INTERVAL;

  public LineProgress(String task, String unit, PrintStream out, Pace pace) {
    this.task = task;
    this.unit = unit;
    this.out = out;
    this.pace = pace;
  }

  @Override
  public synchronized void show(int done, int total, int failed) {
    Duration elapsed = pace.elapsed();
    if (done < total && elapsed.compareTo(next) < 0) {
      return;
    }
    next = elapsed.plus(INTERVAL);
    out.println(
        "%s: %d of %s%s, %s%s"
            .formatted(
                task,
                done,
                Text.count(total, unit),
                failed == 0 ? "" : ", " + failed + " failed",
                pace.rate(done),
                pace.rest(done, total)));
  }

  @Override
  public synchronized void line(String text) {
    out.println(text);
  }

  @Override
  public void close() {
    // The last line is there already.
  }
}
