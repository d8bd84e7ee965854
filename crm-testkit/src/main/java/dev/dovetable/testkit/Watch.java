package dev.dovetable.testkit;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks after a block of code for what it should not have left behind. {@link CrmTest} opens one
 * for each test; without JUnit, {@link CrmDatabase#watch()} does.
 *
 * <ul>
 *   <li>The tables of agents that the block did not touch, those of extensions among them, have the
 *       same rows as before. An agent is touched when a scope of it runs a statement, whoever acts
 *       in it; when a fixture fills it; and when it is made. What raw SQL, a function or a job does
 *       to its tables is no touch.
 *   <li>Connections of {@link CrmDatabase#dataSource()} and {@link CrmDatabase#connect} were
 *       closed, not in the middle of a transaction, and those of the former with the role and the
 *       claims that they came with.
 *   <li>No session of the database is in a transaction, whoever opened it.
 * </ul>
 *
 * <p>What was left behind is cleared away. Rows are told apart by where they are and which
 * transaction wrote them, so an UPDATE that changes nothing counts, too. All rows of all agents are
 * read, in one statement: a million take some tenths of a second. Watches of one database that
 * overlap, as in tests that run in parallel, are judged together when the last one is closed.
 *
 * <p>Thread-safe.
 */
public final class Watch implements AutoCloseable {
  private final IsolationGuard guard;
  private final String name;
  private final AtomicBoolean closed = new AtomicBoolean();

  Watch(IsolationGuard guard, String name) {
    this.guard = guard;
    this.name = name;
  }

  /**
   * Ends the block; again: does nothing.
   *
   * @throws AssertionError if it has left something behind, which the message names
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        guard.end(name);
      } catch (SQLException e) {
        throw new IllegalStateException("what " + name + " left behind could not be read", e);
      }
    }
  }
}
