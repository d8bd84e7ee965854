package dev.dovetable.core.common;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * A part of a list. Elements that come or go while a list is paged through don't move the others:
 * each element that stays is seen exactly once. Immutable and thread-safe.
 *
 * @param <T> what it is a list of
 * @param items the elements, at most as many as were asked for
 * @param next leads to the following page; empty on the last one
 */
public record Page<T>(List<T> items, Optional<Cursor> next) {

  /**
   * Copies the list.
   *
   * @param items the elements
   * @param next leads to the following page
   */
  public Page {
    items = List.copyOf(items);
    requireNonNull(next, "next");
  }
}
