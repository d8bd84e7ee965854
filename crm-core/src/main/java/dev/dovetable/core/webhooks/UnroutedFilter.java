package dev.dovetable.core.webhooks;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.webhooks.UnroutedWebhook.Reason;
import java.util.Optional;

/**
 * Which of what was kept. Immutable and thread-safe.
 *
 * @param reason why it was kept; empty for all
 * @param phoneNumberId the business number that it was for; empty for all
 */
public record UnroutedFilter(Optional<Reason> reason, Optional<String> phoneNumberId) {

  /**
   * Checks that nothing is null.
   *
   * @param reason why it was kept
   * @param phoneNumberId the business number
   */
  public UnroutedFilter {
    requireNonNull(reason, "reason");
    requireNonNull(phoneNumberId, "phoneNumberId");
  }

  /**
   * All that was kept.
   *
   * @return a filter that lets everything through
   */
  public static UnroutedFilter all() {
    return new UnroutedFilter(Optional.empty(), Optional.empty());
  }

  /**
   * For one reason.
   *
   * @param reason why it was kept
   * @return this filter with that reason
   */
  public UnroutedFilter ofReason(Reason reason) {
    return new UnroutedFilter(Optional.of(reason), phoneNumberId);
  }

  /**
   * For one business number.
   *
   * @param phoneNumberId WhatsApp's id of the number
   * @return this filter with that number
   */
  public UnroutedFilter ofNumber(String phoneNumberId) {
    return new UnroutedFilter(reason, Optional.of(phoneNumberId));
  }
}
