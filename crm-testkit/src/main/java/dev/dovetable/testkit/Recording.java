package dev.dovetable.testkit;

import dev.dovetable.testkit.internal.Preludes;
import dev.dovetable.testkit.server.wire.WireTap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What an application has sent to its database while this was open: the texts of the statements,
 * and how often it had to wait for the server, counted on the wire.
 *
 * <pre>{@code
 * try (Recording recording = database.record()) {
 *   inbox.show(customer);
 *   assertThat(recording).hasAtMostRoundTrips(2);
 * }
 * }</pre>
 *
 * <p>Counts every thread's statements; logins are not counted. Thread-safe; what was recorded can
 * be read after closing, too.
 */
public final class Recording implements AutoCloseable {
  private final WireTap tap;
  private final List<String> statements = new CopyOnWriteArrayList<>();
  private final AtomicInteger roundTrips = new AtomicInteger();
  private final WireTap.Listener listener;

  private Recording(WireTap tap) {
    this.tap = tap;
    this.listener =
        new WireTap.Listener() {
          @Override
          public void roundTrip() {
            roundTrips.incrementAndGet();
          }

          @Override
          public void statement(String sql, List<String> values) {
            if (!Preludes.isOne(sql)) {
              statements.add(sql.strip());
            }
          }
        };
  }

  static Recording start(WireTap tap) {
    Recording recording = new Recording(tap);
    tap.add(recording.listener);
    return recording;
  }

  /**
   * The statements in the order in which they were sent, as the driver has sent them: {@code $1} is
   * where a value was bound; no bound value is kept. BEGIN, COMMIT and the like are among them,
   * what the library sends ahead of a statement to have it run as its actor is not.
   *
   * @return a list of its own at each call
   */
  public List<String> statements() {
    return List.copyOf(statements);
  }

  /**
   * How often the application had to wait for the server.
   *
   * @return the number of round trips so far
   */
  public int roundTrips() {
    return roundTrips.get();
  }

  /** Records nothing more; again: does nothing. */
  @Override
  public void close() {
    tap.remove(listener);
  }
}
