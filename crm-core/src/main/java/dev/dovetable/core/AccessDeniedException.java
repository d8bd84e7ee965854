package dev.dovetable.core;

import dev.dovetable.schema.errors.CrmException;
import org.jspecify.annotations.Nullable;

/**
 * The actor may not do this: a policy, a missing privilege, or a function that checks its caller
 * refused it (SQLSTATE 42501). Reading what one may not see is no error: it gives nothing.
 */
public final class AccessDeniedException extends CrmException {
  private static final long serialVersionUID = 1L;

  AccessDeniedException(String problem, String remedy, @Nullable Throwable cause) {
    super(problem, remedy, cause);
  }
}
