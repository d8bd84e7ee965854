package dev.dovetable.core.internal.connection;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jooq.ConnectionProvider;

/**
 * The sessions that have a transaction open in this thread: used meanwhile themselves, they would
 * run beside it, on a connection of their own, and nobody would notice.
 */
final class OwnTransactions {
  private static final ThreadLocal<Deque<ConnectionProvider>> OPEN =
      ThreadLocal.withInitial(ArrayDeque::new);

  private OwnTransactions() {}

  static void enter(ConnectionProvider session) {
    OPEN.get().push(session);
  }

  /** Once for each {@link #enter}, in the same thread. */
  static void leave() {
    Deque<ConnectionProvider> open = OPEN.get();
    open.pop();
    if (open.isEmpty()) {
      OPEN.remove();
    }
  }

  /** Whether the session's own transaction is open around the caller. */
  static boolean isWithin(ConnectionProvider session) {
    Deque<ConnectionProvider> open = OPEN.get();
    if (open.isEmpty()) {
      OPEN.remove();
      return false;
    }
    return open.stream().anyMatch(each -> each == session);
  }
}
