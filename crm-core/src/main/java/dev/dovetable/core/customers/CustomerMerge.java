package dev.dovetable.core.customers;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * That a message showed two customers to be one, or messages that came by a number alone to be
 * another customer's. Immutable and thread-safe.
 *
 * @param lostId the customer who is gone, or has lost messages
 * @param keptId the customer who has everything now
 * @param mergedAt when
 * @param providerId WhatsApp's id of the message that showed it
 * @param onlyMessages whether only messages were moved, and the other customer is there as before
 * @param leftBehind tables with rows that could not be moved; for them the lost customer is still
 *     there
 * @param undoneAt since when the two are kept apart; empty if they aren't
 * @see CustomerMerges
 */
public record CustomerMerge(
    int lostId,
    int keptId,
    Instant mergedAt,
    Optional<String> providerId,
    boolean onlyMessages,
    List<String> leftBehind,
    Optional<Instant> undoneAt) {

  /**
   * Copies the list.
   *
   * @param lostId the customer who is gone
   * @param keptId the customer who has everything now
   * @param mergedAt when
   * @param providerId WhatsApp's id of the message that showed it
   * @param onlyMessages whether only messages were moved
   * @param leftBehind tables with rows that could not be moved
   * @param undoneAt since when the two are kept apart
   */
  public CustomerMerge {
    requireNonNull(mergedAt, "mergedAt");
    requireNonNull(providerId, "providerId");
    leftBehind = List.copyOf(leftBehind);
    requireNonNull(undoneAt, "undoneAt");
  }
}
