package dev.dovetable.testkit.server;

/**
 * There can be no PostgreSQL for tests, or it can't do what a test needs; the message says why and
 * what helps.
 */
public final class PostgresServerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PostgresServerException(String message, Throwable cause) {
    super(message, cause);
  }

  PostgresServerException(String message) {
    super(message);
  }
}
