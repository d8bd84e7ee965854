package dev.wacrm.testkit.server;

/** The embedded PostgreSQL can't do what a test needs; the message says why and what helps. */
public final class EmbeddedServerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  EmbeddedServerException(String message, Throwable cause) {
    super(message, cause);
  }

  EmbeddedServerException(String message) {
    super(message);
  }
}
