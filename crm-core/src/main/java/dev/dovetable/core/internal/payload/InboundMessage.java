package dev.dovetable.core.internal.payload;

import java.time.Instant;
import java.util.Optional;

/**
 * A message of a conversation with a customer. All its text is Unicode without NUL, so that
 * PostgreSQL can store it.
 *
 * @param providerId WhatsApp's id, of at most {@value JsonFields#MAX_ID_LENGTH} characters
 * @param place in the body: orders messages of one second
 * @param sender the customer: who wrote it, or whom an echo was written to; in a group, the group
 * @param participant who wrote it, in a group
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
 * @param pastState how far it had got, if it is of the business's past and it sent it
 * @param sharedPhone the sender's own number, if it was asked for and this is the answer
 */
public record InboundMessage(
    String providerId,
    int place,
    Sender sender,
    Optional<Sender> participant,
    Instant timestamp,
    String kind,
    String text,
    Optional<Media> media,
    Optional<String> repliesTo,
    Optional<String> concerns,
    Optional<Coordinates> coordinates,
    String payload,
    Optional<NumberChange> numberChange,
    boolean echo,
    Optional<MessageStatus.State> pastState,
    Optional<String> sharedPhone) {

  InboundMessage past(Optional<MessageStatus.State> state) {
    return new InboundMessage(
        providerId,
        place,
        sender,
        participant,
        timestamp,
        kind,
        text,
        media,
        repliesTo,
        concerns,
        coordinates,
        payload,
        numberChange,
        echo,
        state,
        sharedPhone);
  }
}
