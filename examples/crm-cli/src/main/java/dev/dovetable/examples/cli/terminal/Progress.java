package dev.dovetable.examples.cli.terminal;

/** Shows how far long work is. Thread-safe. */
public interface Progress extends AutoCloseable {

  /** So many are done; the first call begins the display. */
  void show(int done, int total, int failed);

  /** A line that stays. */
  void line(String text);

  @Override
  void close();

  /** A bar where somebody watches, lines elsewhere. */
  static Progress of(String task, String unit, Shell shell) {
    return shell.terminal().error()
        ? new BarProgress(task, shell.err(), shell.terminal(), new Pace(System::nanoTime))
        : new LineProgress(task, unit, shell.err(), new Pace(System::nanoTime));
  }
}
