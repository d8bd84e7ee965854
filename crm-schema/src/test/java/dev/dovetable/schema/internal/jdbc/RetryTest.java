package dev.dovetable.schema.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetryTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final SQLException LOCKED = new SQLException("locked", "55P03");

  private final AtomicInteger attempts = new AtomicInteger();

  @Test
  void aConflictIsTriedAgainUntilItIsGone() throws SQLException {
    int needed =
        Retry.onConflict(
            LONG,
            () -> {
              if (attempts.incrementAndGet() < 4) {
                throw LOCKED;
              }
              return attempts.get();
            });

    assertThat(needed).isEqualTo(4);
  }

  @Test
  void anotherFailureIsNotTriedAgain() {
    SQLException other = new SQLException("no such table", "42P01");

    assertThatThrownBy(() -> Retry.onConflict(LONG, () -> fail(other))).isSameAs(other);
    assertThat(attempts).hasValue(1);
  }

  @Test
  void noTimeIsOneAttempt() {
    assertThatThrownBy(() -> Retry.onConflict(Duration.ZERO, () -> fail(LOCKED))).isSameAs(LOCKED);
    assertThat(attempts).hasValue(1);
  }

  /** It could not pause, and would ask the server as fast as it answers. */
  @Test
  void anInterruptedThreadTriesOnce() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> Retry.onConflict(Duration.ofMillis(50), () -> fail(LOCKED)))
        .isSameAs(LOCKED);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(attempts).hasValue(1);
  }

  /** As long as an attempt waits for a lock, others wait behind it. */
  @Test
  void aPauseIsManyTimesAsLongAsTheAttempt() {
    Backoff backoff = new Backoff();
    for (int i = 0; i < 20; i++) {
      assertThat(backoff.next(Duration.ofMillis(200)))
          .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(5));
    }
    assertThat(backoff.next(Duration.ofSeconds(3)))
        .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(6));
    assertThat(new Backoff().next(Duration.ZERO))
        .isBetween(Duration.ofNanos(1), Duration.ofMillis(20));
  }

  private int fail(SQLException e) throws SQLException {
    attempts.incrementAndGet();
    throw e;
  }
}
