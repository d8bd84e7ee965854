package dev.dovetable.core.changes;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.InvalidDataException.Kind;
import dev.dovetable.core.internal.text.SealedText;
import org.jspecify.annotations.Nullable;

/**
 * How far somebody has read the feed. Opaque: its text is for keeping, and for handing back.
 *
 * <p>It belongs to the database cluster that gave it: elsewhere, after a dump was restored, the
 * feed says so; and to the agent, by its id: one of the same prefix is another one. A cursor of all
 * agents' changes does for one agent, too. It gives no rights. With Jackson, it is written as its
 * text. Immutable and thread-safe.
 */
public final class ChangeCursor {
  private static final int MAX_LENGTH = 100_000;

  private final String text;

  private ChangeCursor(String text) {
    this.text = text;
  }

  /** From what the database gives. */
  static ChangeCursor at(String place) {
    return new ChangeCursor(SealedText.seal(place));
  }

  /**
   * A cursor from its text.
   *
   * @param text what {@link #toString()} gave
   * @return the cursor
   * @throws InvalidDataException if the text is no cursor's ({@link Kind#CURSOR})
   */
  @JsonCreator
  public static ChangeCursor parse(String text) {
    if (requireNonNull(text, "text").length() > MAX_LENGTH || !isPlace(text)) {
      throw new InvalidDataException(
          Kind.CURSOR,
          "The text is not a cursor of the feed of changes.",
          "Pass the text of a cursor unchanged, or start with changes().now().");
    }
    return new ChangeCursor(text);
  }

  private static boolean isPlace(String text) {
    return SealedText.open(text)
        .filter(place -> place.matches("[0-9]+( ([0-9]+:[0-9]+:[0-9,]*|[0-9]+|-)){5}"))
        .isPresent();
  }

  /** As the database gave it. */
  String place() {
    return SealedText.open(text).orElseThrow();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ChangeCursor cursor && cursor.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /**
   * The text that {@link #parse(String)} takes: letters, digits, {@code -} and {@code _}; some
   * fifty as a rule, and as many more as transactions were open, up to 100 000.
   *
   * @return the text
   */
  @JsonValue
  @Override
  public String toString() {
    return text;
  }
}
