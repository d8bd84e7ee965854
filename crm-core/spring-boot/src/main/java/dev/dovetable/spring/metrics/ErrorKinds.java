package dev.dovetable.spring.metrics;

import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.schema.errors.CrmException;
import java.util.Locale;

/** An exception as the value of a tag: its kind, never its message. */
final class ErrorKinds {
  static final String NONE = "none";

  private ErrorKinds() {}

  static String of(RuntimeException failure) {
    if (failure instanceof DatabaseException database) {
      return database.kind().name().toLowerCase(Locale.ROOT);
    }
    if (failure instanceof InvalidDataException invalid) {
      return "invalid_" + invalid.kind().name().toLowerCase(Locale.ROOT);
    }
    if (failure instanceof RefusedException refused) {
      return "refused_" + refused.reason().name().toLowerCase(Locale.ROOT);
    }
    if (failure instanceof AccessDeniedException) {
      return "access_denied";
    }
    if (failure instanceof UnknownAgentException) {
      return "unknown_agent";
    }
    return failure instanceof CrmException ? "crm" : "other";
  }
}
