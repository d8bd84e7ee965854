package dev.wacrm.examples.quickstart.webhook;

import java.util.Optional;

/**
 * A customer, as the provider describes them.
 *
 * @param phone digits with the country code; missing where the customer goes by a user name
 * @param userId the business-scoped user id; missing in deliveries from before April 2026
 * @param name the name in the customer's profile
 */
public record Sender(Optional<String> phone, Optional<String> userId, Optional<String> name) {

  /**
   * What the customer is recognised by. A customer who adopts a user name after having written
   * changes from one to the other, and tables with nothing but a phone column can't tell.
   */
  public Optional<String> identity() {
    return phone.or(() -> userId);
  }

  /** The name, or what else there is to call them. */
  public String displayName() {
    return name.or(this::identity).orElse("unknown");
  }
}
