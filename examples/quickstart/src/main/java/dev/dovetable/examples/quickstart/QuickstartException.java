package dev.dovetable.examples.quickstart;

/** The quickstart can't go on; the message is one line for the person who started it. */
final class QuickstartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  QuickstartException(String message) {
    super(message);
  }

  QuickstartException(String message, Throwable cause) {
    super(message, cause);
  }
}
