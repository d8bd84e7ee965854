package dev.dovetable.core.deliveries;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What is behind the text of a message that a webhook brought. Immutable and thread-safe.
 *
 * @param kind as WhatsApp names it: {@code text}, {@code image}, {@code voice}, {@code
 *     button_reply}, {@code reaction} and so on; new ones come without notice
 * @param repliesTo WhatsApp's id of the message that it answers
 * @param concerns WhatsApp's id of the message that it reacts to, edits or revokes
 * @param mediaId by which the file can be fetched from WhatsApp
 * @param mimeType the file's type
 * @param caption the text below the file
 * @param fileName the file's name
 * @param sha256 the file's digest, as WhatsApp writes it
 * @param latitude of a location, in degrees
 * @param longitude of a location, in degrees
 * @param payload the message as WhatsApp sent it: a JSON object
 * @param phoneNumberId WhatsApp's id of the business number that it came through; empty if it came
 *     by an earlier release
 * @param participant who wrote it, in a group
 */
public record MessageDetails(
    String kind,
    Optional<String> repliesTo,
    Optional<String> concerns,
    Optional<String> mediaId,
    Optional<String> mimeType,
    Optional<String> caption,
    Optional<String> fileName,
    Optional<String> sha256,
    Optional<BigDecimal> latitude,
    Optional<BigDecimal> longitude,
    String payload,
    Optional<String> phoneNumberId,
    Optional<Participant> participant) {

  /**
   * The member of a group; phone number or user id is there.
   *
   * @param phone the number
   * @param userId the user id
   * @param name the name in the profile, else the user name
   */
  public record Participant(
      Optional<String> phone, Optional<String> userId, Optional<String> name) {
    static Optional<Participant> of(
        Optional<String> phone, Optional<String> userId, Optional<String> name) {
      return phone.isEmpty() && userId.isEmpty()
          ? Optional.empty()
          : Optional.of(new Participant(phone, userId, name));
    }
  }
}
