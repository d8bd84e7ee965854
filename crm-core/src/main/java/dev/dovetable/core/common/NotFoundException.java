package dev.dovetable.core.common;

import dev.dovetable.schema.errors.CrmException;

/**
 * What was to be changed, or referred to, isn't there, or the actor can't see it: row level
 * security makes no difference between the two. Nothing was changed.
 *
 * <p>A transaction goes on after it where a row to be changed isn't there, and after {@code
 * recordAll}, which looks first. Where one new row refers to what isn't there ({@code
 * recordInbound}, {@code recordOutbound}, {@code place}, {@code addItem}, {@code addItems} and
 * {@code deliveries().record}), the database has refused a statement, and nothing more can be done
 * in the transaction, unless it was in one within.
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
