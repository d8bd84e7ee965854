package dev.dovetable.core.news;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * One thing that news tells, as WhatsApp documents it. Texts are WhatsApp's own words, of which new
 * ones come without notice. Immutable and thread-safe.
 */
public sealed interface NewsDetail {

  /**
   * A message template.
   *
   * @param id WhatsApp's id of it
   * @param name its name
   * @param language its language
   * @param event such as {@code APPROVED}, {@code REJECTED}, {@code PAUSED}
   * @param reason why
   * @param before the quality or category that it had
   * @param after the quality or category that it has
   */
  record Template(
      Optional<String> id,
      Optional<String> name,
      Optional<String> language,
      Optional<String> event,
      Optional<String> reason,
      Optional<String> before,
      Optional<String> after)
      implements NewsDetail {}

  /**
   * The business account.
   *
   * @param event such as {@code ACCOUNT_RESTRICTION}, or what a review decided
   * @param reason such as the kind of the violation, restriction or ban
   */
  record Account(Optional<String> event, Optional<String> reason) implements NewsDetail {}

  /**
   * A business phone number.
   *
   * @param displayNumber the number, as it is shown
   * @param event such as {@code FLAGGED} or {@code DOWNGRADE}, or what was decided of the name
   * @param limit how many customers it may write to, such as {@code TIER_1K}
   * @param name the name that was asked for
   * @param reason why
   */
  record Number(
      Optional<String> displayNumber,
      Optional<String> event,
      Optional<String> limit,
      Optional<String> name,
      Optional<String> reason)
      implements NewsDetail {}

  /**
   * A call, or what became of one.
   *
   * @param id WhatsApp's id of the call
   * @param event such as {@code connect}, {@code terminate}, {@code RINGING}
   * @param from who calls
   * @param to who is called
   * @param direction such as {@code USER_INITIATED}
   * @param at WhatsApp's time
   * @param seconds how long it took
   */
  record Call(
      Optional<String> id,
      Optional<String> event,
      Optional<String> from,
      Optional<String> to,
      Optional<String> direction,
      Optional<Instant> at,
      Optional<Long> seconds)
      implements NewsDetail {}

  /**
   * An entry in the address book of the business's app.
   *
   * @param action {@code add} for new and changed ones, {@code remove}
   * @param phone the phone number
   * @param name the name
   * @param at WhatsApp's time
   */
  record Contact(
      Optional<String> action, Optional<String> phone, Optional<String> name, Optional<Instant> at)
      implements NewsDetail {}

  /**
   * A group.
   *
   * @param groupId WhatsApp's id of it, by which it is a customer's phone
   * @param event such as {@code group_create} or {@code group_participants_add}
   * @param subject what it is called, if that is told
   * @param at WhatsApp's time
   */
  record Group(
      Optional<String> groupId,
      Optional<String> event,
      Optional<String> subject,
      Optional<Instant> at)
      implements NewsDetail {}

  /**
   * What became of a payment.
   *
   * @param messageId WhatsApp's id of the message that asked for it
   * @param status such as {@code captured} or {@code failed}
   * @param referenceId the application's own, which it gave with the message
   * @param amount how much
   * @param currency in what
   * @param at WhatsApp's time
   */
  record Payment(
      Optional<String> messageId,
      Optional<String> status,
      Optional<String> referenceId,
      Optional<BigDecimal> amount,
      Optional<String> currency,
      Optional<Instant> at)
      implements NewsDetail {}

  /**
   * An account with a provider of payments.
   *
   * @param name what it is called in messages that ask for payments
   * @param provider such as {@code razorpay}
   * @param merchantId the business's account with the provider
   * @param status such as {@code Active} or {@code Needs Connecting}
   * @param createdAt WhatsApp's time
   * @param updatedAt WhatsApp's time
   */
  record PaymentConfiguration(
      Optional<String> name,
      Optional<String> provider,
      Optional<String> merchantId,
      Optional<String> status,
      Optional<Instant> createdAt,
      Optional<Instant> updatedAt)
      implements NewsDetail {}

  /**
   * Somebody else answers a conversation from then on.
   *
   * @param event such as {@code control_passed}
   * @param customer the customer's phone number, or else the user id
   * @param metadata what whoever passed it gave along
   * @param at WhatsApp's time
   */
  record Handover(
      Optional<String> event,
      Optional<String> customer,
      Optional<String> metadata,
      Optional<Instant> at)
      implements NewsDetail {}

  /**
   * A flow.
   *
   * @param id WhatsApp's id of it
   * @param event such as {@code FLOW_STATUS_CHANGE} or {@code ENDPOINT_ERROR_RATE}
   * @param message what has happened, in words
   * @param before the state that it had
   * @param after the state that it has
   */
  record Flow(
      Optional<String> id,
      Optional<String> event,
      Optional<String> message,
      Optional<String> before,
      Optional<String> after)
      implements NewsDetail {}

  /**
   * What WhatsApp takes for a lead or a purchase.
   *
   * @param messageId WhatsApp's id of the message that tells it
   * @param event such as {@code LeadSubmitted} or {@code Purchase}
   * @param clickId of the advertisement's click that began the chat
   * @param amount how much
   * @param currency in what
   * @param at WhatsApp's time
   */
  record Conversion(
      Optional<String> messageId,
      Optional<String> event,
      Optional<String> clickId,
      Optional<BigDecimal> amount,
      Optional<String> currency,
      Optional<Instant> at)
      implements NewsDetail {}

  /**
   * A link of a marketing message was followed. WhatsApp doesn't say by whom.
   *
   * @param action such as {@code marketing_messages_link_click}
   * @param component where the link was, such as {@code cta}
   * @param productId of the product shown
   * @param clickId which the link's address gets, too
   * @param at WhatsApp's time
   */
  record Click(
      Optional<String> action,
      Optional<String> component,
      Optional<String> productId,
      Optional<String> clickId,
      Optional<Instant> at)
      implements NewsDetail {}

  /**
   * A solution that the business shares with partners.
   *
   * @param id WhatsApp's id of it
   * @param event such as {@code SOLUTION_CREATED}
   * @param status such as {@code INITIATED}
   */
  record PartnerSolution(Optional<String> id, Optional<String> event, Optional<String> status)
      implements NewsDetail {}

  /**
   * A problem, or that past chats aren't shared.
   *
   * @param code WhatsApp's number for it
   * @param message what is wrong
   */
  record Problem(Optional<String> code, Optional<String> message) implements NewsDetail {}
}
