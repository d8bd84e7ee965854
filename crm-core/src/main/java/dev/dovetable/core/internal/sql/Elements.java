package dev.dovetable.core.internal.sql;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists that callers pass. */
public final class Elements {
  private Elements() {}

  /**
   * A copy.
   *
   * @param name what the caller knows it as
   * @throws NullPointerException if it, or one in it, is null; the message says which
   */
  public static <T> List<T> copy(Collection<T> all, String name) {
    List<T> copy = new ArrayList<>(requireNonNull(all, name).size());
    for (@Nullable T one : all) {
      copy.add(requireNonNull(one, () -> name + ", at index " + copy.size()));
    }
    return List.copyOf(copy);
  }
}
