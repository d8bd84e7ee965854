package dev.dovetable.core.internal.payload;

import java.time.Instant;
import java.util.Optional;

/**
 * A message of a conversation with a customer. All its text is Unicode without NUL, so that
 * PostgreSQL can store it.
 *
 * @param providerId WhatsApp's id, of at most {@value JsonFields#MAX_ID_LENGTH} characters
 * @param sender the customer: who wrote it, or whom an echo was written to
 * @param timestamp the provider's time, to the second
 * @param kind the provider's name for it, such as {@code text}, {@code edit} or one that isn't
 *     known yet; but {@code voice} for audio that was recorded in the chat, and the kind of reply
 *     ({@code button_reply}, {@code list_reply}, {@code nfm_reply}) for an interactive one
 * @param text what a person reads of it; never blank
 * @param media the file that belongs to it
 * @param repliesTo the id of the message it answers
 * @param concerns the id of the message that it reacts to, edits or revokes
 * @param coordinates of a location
 * @param payload the whole message as the provider sent it, as JSON that jsonb can store
 * @param numberChange set if it says that the sender goes by other ids from now on
 * @param echo whether the business itself sent it, from its phone
 */
public record InboundMessage(
    String providerId,
    Sender sender,
    Instant timestamp,
    String kind,
    String text,
    Optional<Media> media,
    Optional<String> repliesTo,
    Optional<String> concerns,
    Optional<Coordinates> coordinates,
    String payload,
    Optional<NumberChange> numberChange,
    boolean echo) {}
