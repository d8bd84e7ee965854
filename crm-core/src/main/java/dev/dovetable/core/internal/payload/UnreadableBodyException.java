package dev.dovetable.core.internal.payload;

/** A body that nothing can be taken from. Holds nothing of its content. */
public final class UnreadableBodyException extends Exception {

  private static final long serialVersionUID = 1L;

  /** What is wrong with the body. */
  private final Reason reason;

  UnreadableBodyException(Reason reason, String detail) {
    super(reason.text + detail);
    this.reason = reason;
  }

  /** What is wrong with the body. */
  public Reason reason() {
    return reason;
  }

  /** Why a body can't be read. */
  public enum Reason {
    /** More bytes than are allowed. */
    TOO_LARGE("the body is too large"),
    /** Bytes that are no UTF-8. */
    NOT_UTF8("the body isn't UTF-8"),
    /** No JSON, or JSON that names a property twice. */
    NOT_JSON("the body isn't JSON"),
    /** JSON that is nested too deep, or has too long a number or name, or too many tokens. */
    BEYOND_LIMITS("the body's JSON exceeds the limits"),
    /** JSON without a change of an entry. */
    NO_CHANGE("the body holds no change of an entry");

    private final String text;

    Reason(String text) {
      this.text = text;
    }
  }
}
