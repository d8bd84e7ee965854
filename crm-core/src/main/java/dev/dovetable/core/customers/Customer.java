package dev.dovetable.core.customers;

import dev.dovetable.core.internal.payload.PhoneKeys;
import java.time.Instant;
import java.util.Optional;

/**
 * A row of {@code {prefix}_customers}. Immutable and thread-safe.
 *
 * @param id the id, unique within the agent
 * @param name the name
 * @param phone the phone number, as it was given
 * @param createdAt when the row was made; {@link Instant#EPOCH} where somebody's own SQL wrote null
 */
public record Customer(int id, String name, String phone, Instant createdAt) {

  /**
   * The phone number, if {@link #phone} is one: a customer whom messages have shown by user id
   * alone, or a group, has that there.
   *
   * @return the number as it was given; empty if it is none that can be called or written to
   */
  public Optional<String> reachablePhone() {
    return PhoneKeys.isNumber(phone) ? Optional.of(phone) : Optional.empty();
  }
}
