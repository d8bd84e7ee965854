package dev.dovetable.core.common;

import dev.dovetable.schema.errors.CrmException;

/**
 * What was to be changed, or referred to, isn't there, or the actor can't see it: row level
 * security makes no difference between the two. Nothing was changed.
 */
public final class NotFoundException extends CrmException {
  private static final long serialVersionUID = 1L;

  /**
   * Internal: the library throws it.
   *
   * @param what what was not there
   */
  public NotFoundException(String what) {
    super(
        "There is no " + what + ".", "Check the id, and that the actor may see the row behind it.");
  }
}
