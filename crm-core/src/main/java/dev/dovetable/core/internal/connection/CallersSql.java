package dev.dovetable.core.internal.connection;

/** What is known of the caller's own SQL on a connection. Not thread-safe. */
final class CallersSql {
  private boolean mayHaveEnded;
  private boolean unsure;
  private boolean suspicious;

  /** This text is about to run. */
  void note(String sql) {
    mayHaveEnded |= sql.indexOf(';') >= 0;
    noteOne(sql);
  }

  /** This text is about to run, which the driver takes for a single statement. */
  void noteOne(String sql) {
    unsure = true;
    suspicious |= TransactionGuard.isSuspicious(sql);
  }

  /** Texts that nobody sees may run. */
  void noteUnseen() {
    unsure = true;
    suspicious = true;
  }

  /** It has ended the transaction, or changed whom it acts as. */
  void noteEnd() {
    mayHaveEnded = true;
  }

  /** The transaction was seen to act as the prelude says, or there is none any more. */
  void markSeen() {
    unsure = false;
    suspicious = false;
  }

  /** The session is as it was before. */
  void markRestored() {
    mayHaveEnded = false;
    markSeen();
  }

  /** A text may have ended the transaction, and begun another one. */
  boolean mayHaveEnded() {
    return mayHaveEnded;
  }

  /** Some has run since the transaction was last seen to act as the prelude says. */
  boolean isUnsure() {
    return unsure;
  }

  /** The same, and its text may be what changes that. */
  boolean isSuspicious() {
    return suspicious;
  }
}
