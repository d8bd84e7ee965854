package dev.dovetable.examples.benchmarks.work;

/** One operation, measured by JMH. Thread-safe where it is measured with several threads. */
public interface Operation extends AutoCloseable {

  /** Does it once; gives what it read, so that nothing is optimised away. */
  Object run() throws Exception;

  @Override
  default void close() {}
}
