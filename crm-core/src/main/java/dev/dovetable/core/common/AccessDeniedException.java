package dev.dovetable.core.common;

import dev.dovetable.schema.errors.CrmException;
import org.jspecify.annotations.Nullable;

/**
 * The actor may not do this: a policy, a missing privilege, or a function that checks its caller
 * refused it (SQLSTATE 42501). Reading what one may not see is no error: it gives nothing.
 */
public final class AccessDeniedException extends CrmException {
  private static final long serialVersionUID = 1L;

  /**
   * Internal: the library throws it.
   *
   * @param problem what was wrong
   * @param remedy what to do
   * @param cause what the driver threw, without data; or null
   */
  public AccessDeniedException(String problem, String remedy, @Nullable Throwable cause) {
    super(problem, remedy, cause);
  }
}
