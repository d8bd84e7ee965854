package dev.dovetable.examples.cli.terminal;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** How fast work goes, and how long the rest will take if it goes on like that. */
public final class Pace {
  private static final double NANOS_PER_SECOND = 1e9;

  private final LongSupplier nanoTime;
  private final long start;

  public Pace(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
  }

  public Duration elapsed() {
    return Duration.ofNanos(nanoTime.getAsLong() - start);
  }

  /** {@code 480/s}. */
  public String rate(long done) {
    double rate = done / Math.max(elapsed().toNanos() / NANOS_PER_SECOND, 1e-3);
    return String.format(Locale.ROOT, rate < 10 ? "%.1f/s" : "%.0f/s", rate);
  }

  /** {@code 12 s left}; nothing once all is done. */
  public String rest(long done, long total) {
    if (done == 0 || done >= total) {
      return "";
    }
    Duration rest = elapsed().multipliedBy(total - done).dividedBy(done);
    // Tenths of a second in a prediction would be noise.
    long seconds = rest.plusMillis(999).toSeconds();
    String text = seconds < 60 ? seconds + " s" : Text.duration(Duration.ofSeconds(seconds));
    return ", " + text + " left";
  }
}
