package dev.dovetable.core.messages;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A message that a search has found. Immutable and thread-safe.
 *
 * @param message the message
 * @param matches where the words are in its text, from the beginning on; none overlaps another one
 */
public record FoundMessage(Message message, List<Match> matches) {

  /**
   * A part of the text, in chars, as {@link String#substring(int, int)} takes them.
   *
   * @param start where it begins
   * @param end where it ends, which is no part of it
   */
  public record Match(int start, int end) {}

  /**
   * Copies the list.
   *
   * @param message the message
   * @param matches where the words are
   */
  public FoundMessage {
    requireNonNull(message, "message");
    matches = List.copyOf(matches);
  }
}
