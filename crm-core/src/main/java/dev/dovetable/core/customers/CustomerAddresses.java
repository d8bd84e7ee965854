package dev.dovetable.core.customers;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * By what WhatsApp knows a customer, as messages have told it. Immutable and thread-safe.
 *
 * @param numbers the phone numbers, in the order in which they were first seen
 * @param userIds the business-scoped user ids, which never change hands, in the same order
 * @param username the user name that was told last
 * @param parentUserId the user id that several portfolios of businesses share
 * @param followsName whether the customer's name is what messages tell; else it is the
 *     application's, and stays
 * @param followsPhone the same of the phone number
 * @see CustomerRepository#addresses
 * @see CustomerRepository#follow
 */
public record CustomerAddresses(
    List<Number> numbers,
    List<String> userIds,
    Optional<String> username,
    Optional<String> parentUserId,
    boolean followsName,
    boolean followsPhone) {

  /**
   * A phone number, which belongs to a customer for a time.
   *
   * @param phone as WhatsApp writes it
   * @param since when a message showed it first
   * @param until since when it is somebody else's, or nobody's; empty if it is the customer's
   */
  public record Number(String phone, Instant since, Optional<Instant> until) {
    /**
     * Checks that nothing is null.
     *
     * @param phone as WhatsApp writes it
     * @param since when a message showed it first
     * @param until since when it is somebody else's
     */
    public Number {
      requireNonNull(phone, "phone");
      requireNonNull(since, "since");
      requireNonNull(until, "until");
    }
  }

  /**
   * Copies the lists.
   *
   * @param numbers the phone numbers
   * @param userIds the user ids
   * @param username the user name
   * @param parentUserId the user id that several portfolios share
   * @param followsName whether the name is what messages tell
   * @param followsPhone whether the phone number is what messages tell
   */
  public CustomerAddresses {
    numbers = List.copyOf(numbers);
    userIds = List.copyOf(userIds);
    requireNonNull(username, "username");
    requireNonNull(parentUserId, "parentUserId");
  }
}
