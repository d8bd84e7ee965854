package dev.dovetable.core.common;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.dovetable.core.common.InvalidDataException.Kind;
import dev.dovetable.core.internal.text.SealedText;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of a list ended. Opaque: its text is for handing back, to the list it came from.
 *
 * <p>A cursor holds ids and times, never names or phone numbers, and gives no rights: what it leads
 * to is subject to row level security like everything else. With Jackson, it is written as its
 * text. Immutable and thread-safe.
 */
public final class Cursor {
  private static final int MAX_LENGTH = 300;

  private final String text;

  private Cursor(String text) {
    this.text = text;
  }

  /**
   * A cursor from its text, such as a query parameter. Whether it fits the list shows when that is
   * asked for the page.
   *
   * @param text what {@link #toString()} gave
   * @return the cursor
   * @throws InvalidDataException if the text is no cursor's ({@link Kind#CURSOR})
   */
  @JsonCreator
  public static Cursor parse(String text) {
    if (requireNonNull(text, "text").length() > MAX_LENGTH || SealedText.open(text).isEmpty()) {
      throw new InvalidDataException(
          Kind.CURSOR,
          "The text is not a cursor of this library.",
          "Pass the text of a page's cursor unchanged, or start with the first page.");
    }
    return new Cursor(text);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Cursor cursor && cursor.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /**
   * The text that {@link #parse(String)} takes: letters, digits, {@code -} and {@code _}, at most
   * 300 of them.
   *
   * @return the text
   */
  @JsonValue
  @Override
  public String toString() {
    return text;
  }
}
