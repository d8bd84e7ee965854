package dev.dovetable.examples.cli.terminal;

import java.io.PrintStream;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar on a terminal, redrawn in place. */
public final class BarProgress implements Progress {
  private static final int REDRAWN_EVERY_MS = 200;

  private final String task;
  private final PrintStream out;
  private final Pace pace;
  private final int columns;
  private final ProgressBarStyle style;
  private @Nullable ProgressBar bar;
  private String drawn = "";

  public BarProgress(String task, PrintStream out, Terminal terminal, Pace pace) {
    this.task = task;
    this.out = out;
    this.pace = pace;
    // The last column stays free: terminals that wrap there would scroll.
    this.columns = Math.max(terminal.columns() - 1, 1);
    this.style = terminal.unicode() ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII;
  }

  @Override
  public synchronized void show(int done, int total, int failed) {
    ProgressBar current = bar;
    if (current == null) {
      current =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(total)
              .setStyle(style)
              .hideEta()
              .continuousUpdate()
              .setUpdateIntervalMillis(REDRAWN_EVERY_MS)
              .setConsumer(new DelegatingProgressBarConsumer(this::draw, columns))
              .build();
      bar = current;
    }
    // In this order: it may be drawn in between, and a rate is of what is shown as done.
    current.stepTo(done);
    current.setExtraMessage(
        pace.rate(done) + pace.rest(done, total) + (failed == 0 ? "" : ", " + failed + " failed"));
  }

  @Override
  public synchronized void line(String text) {
    out.print(erasing() + text + System.lineSeparator() + drawn);
    out.flush();
  }

  @Override
  public void close() {
    ProgressBar current;
    synchronized (this) {
      current = bar;
    }
    if (current != null) {
      // Not while holding the lock: it draws a last time, in a thread of its own.
      current.close();
      out.println();
    }
  }

  private synchronized void draw(String rendered) {
    String line = rendered.stripTrailing();
    out.print(erasing() + line);
    out.flush();
    drawn = line;
  }

  /** Blanks rather than an escape sequence: every terminal knows them. */
  private String erasing() {
    return "\r" + " ".repeat(Text.width(drawn)) + "\r";
  }
}
