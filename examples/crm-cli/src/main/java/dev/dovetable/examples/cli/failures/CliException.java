package dev.dovetable.examples.cli.failures;

import org.jspecify.annotations.Nullable;

/** The program can't go on; the message is one line for the person who started it. */
public final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitStatus status;

  public CliException(ExitStatus status, String message) {
    this(status, message, null);
  }

  public CliException(ExitStatus status, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  public ExitStatus status() {
    return status;
  }
}
