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
 * @param newText of an edit: how the message that it concerns reads from then on
 * @param emoji of a reaction; empty if it was withdrawn
 * @param half set if it is one half of a file of the past
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
    Optional<String> sharedPhone,
    Optional<String> newText,
    Optional<String> emoji,
    Optional<Half> half) {

  /** Of a file of the business's past there come two halves, in any order. */
  public enum Half {
    /** The place in the chat: whose it is, when and which way it went. */
    PLACE,
    /** What it is. */
    FILE
  }

  InboundMessage past(Optional<MessageStatus.State> state) {
    return with(echo, state, kind.equals("media_placeholder") ? Optional.of(Half.PLACE) : half);
  }

  InboundMessage pastFile() {
    return with(echo, pastState, media.isPresent() ? Optional.of(Half.FILE) : half);
  }

  /** Of two with one id: the first, unless they are the halves of one. */
  public InboundMessage together(InboundMessage other) {
    boolean areHalves = half.isPresent() && other.half.isPresent() && !half.equals(other.half);
    if (!areHalves) {
      return this;
    }
    InboundMessage at = half.equals(Optional.of(Half.PLACE)) ? this : other;
    InboundMessage file = at == this ? other : this;
    return new InboundMessage(
        providerId,
        at.place,
        at.sender,
        at.participant,
        at.timestamp,
        file.kind,
        file.text,
        file.media,
        at.repliesTo,
        at.concerns,
        file.coordinates,
        file.payload,
        at.numberChange,
        at.echo,
        at.pastState,
        at.sharedPhone,
        at.newText,
        at.emoji,
        Optional.empty());
  }

  private InboundMessage with(
      boolean isEcho, Optional<MessageStatus.State> state, Optional<Half> which) {
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
        isEcho,
        state,
        sharedPhone,
        newText,
        emoji,
        which);
  }
}
