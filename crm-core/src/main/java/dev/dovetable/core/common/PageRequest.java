package dev.dovetable.core.common;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Which page of a list is wanted. Immutable and thread-safe.
 *
 * @param limit the most elements on the page, from 1 to 1000
 * @param after where the page before ended; empty for the first page
 */
public record PageRequest(int limit, Optional<Cursor> after) {
  private static final int MAX_LIMIT = 1000;

  /**
   * Checks the limit.
   *
   * @param limit the most elements on the page
   * @param after where the page before ended
   * @throws InvalidDataException if the limit is out of its bounds
   */
  public PageRequest {
    requireNonNull(after, "after");
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new InvalidDataException(
          InvalidDataException.Kind.OUT_OF_BOUNDS,
          "The limit of a page is " + limit + ".",
          "It must be from 1 to " + MAX_LIMIT + ".");
    }
  }

  /**
   * The first page.
   *
   * @param limit the most elements on the page, from 1 to 1000
   * @return the request
   * @throws InvalidDataException if the limit is out of its bounds
   */
  public static PageRequest first(int limit) {
    return new PageRequest(limit, Optional.empty());
  }

  /**
   * The page after another one, of the same size as this one.
   *
   * @param cursor where that page ended: its {@link Page#next()}
   * @return the request
   */
  public PageRequest after(Cursor cursor) {
    return new PageRequest(limit, Optional.of(cursor));
  }
}
