package dev.dovetable.core.customers;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.internal.sql.Texts;

/**
 * A customer to be made. Immutable and thread-safe.
 *
 * @param name the name, not blank
 * @param phone the phone number, not blank; stored and compared as it is given, so choose one way
 *     to write numbers (WhatsApp's {@code wa_id} is digits only)
 */
public record NewCustomer(String name, String phone) {

  /**
   * Checks both texts.
   *
   * @param name the name
   * @param phone the phone number
   * @throws InvalidDataException if one is blank or can't be stored as text
   */
  public NewCustomer {
    Texts.requireFilled(name, "name");
    Texts.requireFilled(phone, "phone");
  }
}
