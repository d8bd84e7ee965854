package dev.wacrm.core;

import dev.wacrm.testkit.server.WireTap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts on the wire how often a client waits for the server. Thread-safe. */
final class RoundTrips implements AutoCloseable {
  private final WireTap tap;
  private final AtomicInteger counted = new AtomicInteger();

  RoundTrips(int serverPort) {
    this.tap = WireTap.open("localhost", serverPort);
    tap.add(
        new WireTap.Listener() {
          @Override
          public void roundTrip() {
            counted.incrementAndGet();
          }
        });
  }

  /** Where clients connect to. */
  int port() {
    return tap.port();
  }

  /** How often a client had to wait since this was last asked. */
  int take() {
    return counted.getAndSet(0);
  }

  @Override
  public void close() {
    tap.close();
  }
}
