package dev.dovetable.examples.cli;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;

/** Has Ctrl-C, and SIGTERM, wait until work that can be stopped has stopped. */
final class Interruption implements AutoCloseable {
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean requested;

  private Interruption(PrintStream err) {
    this.hook = new Thread(() -> stop(err), "crm-cli-stop");
  }

  static Interruption listen(PrintStream err) {
    Interruption interruption = new Interruption(err);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  boolean requested() {
    return requested;
  }

  /** The work has ended and said what was done; the JVM may go. */
  @Override
  public void close() {
    ended.countDown();
    if (!requested) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // It is going already, and the hook has nothing to wait for.
        return;
      }
    }
  }

  private void stop(PrintStream err) {
    requested = true;
    err.println();
    err.println("Stopping after the transactions in flight …");
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
