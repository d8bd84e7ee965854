package dev.dovetable.examples.cli;

import org.jspecify.annotations.Nullable;

/** The program can't go on; the message is one line for the person who started it. */
final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitStatus status;

  CliException(ExitStatus status, String message) {
    this(status, message, null);
  }

  CliException(ExitStatus status, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  ExitStatus status() {
    return status;
  }
}
