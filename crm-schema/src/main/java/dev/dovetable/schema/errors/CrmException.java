package dev.dovetable.schema.errors;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Root of all exceptions of this library. Each says what was wrong and what to do about it; neither
 * text holds message bodies, phone numbers or keys.
 *
 * <p>{@link #getMessage()} joins both, so that a log line is enough to act on. Immutable and
 * thread-safe, apart from what {@link Throwable} itself lets a caller change.
 */
public abstract class CrmException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What was wrong. */
  private final String problem;

  /** What to do. */
  private final String remedy;

  /**
   * An exception without a cause.
   *
   * @param problem what was wrong, as a sentence
   * @param remedy what to do, as a sentence
   */
  protected CrmException(String problem, String remedy) {
    this(problem, remedy, null);
  }

  /**
   * An exception with a cause, usually a {@link java.sql.SQLException}.
   *
   * @param problem what was wrong, as a sentence
   * @param remedy what to do, as a sentence
   * @param cause what was caught, or null if nothing was
   */
  protected CrmException(String problem, String remedy, @Nullable Throwable cause) {
    super(requireNonNull(problem, "problem") + " " + requireNonNull(remedy, "remedy"), cause);
    this.problem = problem;
    this.remedy = remedy;
  }

  /**
   * What was wrong, without the remedy.
   *
   * @return a sentence
   */
  public final String problem() {
    return problem;
  }

  /**
   * What to do about it.
   *
   * @return a sentence
   */
  public final String remedy() {
    return remedy;
  }
}
