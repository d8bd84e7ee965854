package dev.dovetable.core.changes;

/** That somebody listens, until it is closed. Thread-safe. */
public interface ChangeSubscription extends AutoCloseable {

  /**
   * Ends it. A call that is under way in the library's thread may still go on; no other one begins.
   * Closed twice, nothing happens. The last one to be closed ends the thread, and gives the
   * connection back.
   */
  @Override
  void close();

  /** {@return whether changes are still told: false once it is closed or has ended by itself} */
  boolean isOpen();
}
