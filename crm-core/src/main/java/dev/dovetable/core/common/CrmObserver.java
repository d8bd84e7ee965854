package dev.dovetable.core.common;

import java.time.Duration;
import java.util.Optional;

/**
 * Hears what the library does, for metrics and traces: {@code Crm.builder(…).observer(…)}. Without
 * one, nothing is measured, and nothing is made to be told.
 *
 * <p>Its methods are called by many threads, in the one that is at work and while a connection is
 * held: they have to be thread-safe and quick. What they throw is logged without its message, and
 * nothing else becomes of it. None is told a message, a phone number, a key or a bound value.
 */
public interface CrmObserver {
  /** Hears nothing. */
  CrmObserver NONE = new CrmObserver() {};

  /** Hears how a statement ended. */
  @FunctionalInterface
  interface StatementEnd {
    /** Hears nothing. */
    StatementEnd IGNORED = (roundTrips, failure) -> {};

    /**
     * A statement has ended: its rows are read, or it has failed.
     *
     * @param roundTrips what it has taken, its actor's prelude and attempts that were repeated
     *     included. Not counted are the COMMIT of a transaction of several statements, and the
     *     further portions of rows of a stream
     * @param failure what the caller gets for it; a {@link
     *     dev.dovetable.schema.errors.CrmException} as a rule
     */
    void ended(int roundTrips, Optional<RuntimeException> failure);
  }

  /**
   * A statement begins, before it has a connection. COPY, by which the service imports, is none.
   *
   * @param operation what has been called, such as {@code messages.timeline}: an area and its
   *     method; {@code other} for queries on {@code dsl()} and for streams. Some hundred at most
   * @param prefix the agent's prefix; empty if it is about no agent's tables
   * @return who hears of its end, in the same thread as a rule
   */
  default StatementEnd onStatement(String operation, Optional<String> prefix) {
    return StatementEnd.IGNORED;
  }

  /**
   * Something in a callback of WhatsApp's has found its place, or failed to: called once for each
   * result of a {@link dev.dovetable.core.webhooks.WebhookReport}, also if all has failed.
   *
   * @param outcome a {@link dev.dovetable.core.webhooks.WebhookReport.Outcome} in lower case
   * @param kind WhatsApp's kind of a message, such as {@code text}, in its own words, of which
   *     there may be any number; {@code none} for all else
   */
  default void onReceived(String outcome, String kind) {}

  /**
   * A listener of {@link dev.dovetable.core.changes.ChangeFeed#listen} is about to be told changes.
   *
   * @param changes how many
   * @param lag how long ago the newest of them was written, by the clocks of database and
   *     application; never negative
   */
  default void onChanges(int changes, Duration lag) {}
}
