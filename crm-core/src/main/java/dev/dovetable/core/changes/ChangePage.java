package dev.dovetable.core.changes;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A part of the feed. Immutable and thread-safe.
 *
 * @param changes the changes, at most as many as were asked for
 * @param next where to go on, also if there were none
 * @param hasMore whether it is worth going on at once
 */
public record ChangePage(List<Change> changes, ChangeCursor next, boolean hasMore) {

  /**
   * Copies the list.
   *
   * @param changes the changes
   * @param next where to go on
   * @param hasMore whether it is worth going on at once
   */
  public ChangePage {
    changes = List.copyOf(changes);
    requireNonNull(next, "next");
  }
}
