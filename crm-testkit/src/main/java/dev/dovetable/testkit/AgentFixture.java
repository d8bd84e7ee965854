package dev.dovetable.testkit;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import java.util.UUID;

/**
 * An agent to be filled with data that is the same in every run: it follows from the agent's prefix
 * and from what was asked for before.
 *
 * <pre>{@code
 * TenantScope shop =
 *     database.agent("agt_a").withCustomers(100).withMessages(10_000).withOrders(50).scope();
 * }</pre>
 *
 * <p>Names and texts come in several scripts, phone numbers from ranges that are kept free for
 * fiction. All times lie in the ninety days before {@link CrmDatabase#clock()}, but {@code
 * orders.updated_at}, which the database keeps. Rows are written in bulk, as the service, over a
 * connection that nothing records.
 *
 * <p>Each method that adds is done when it returns. Thread-safe; two threads that fill the same
 * agent get data that depend on who came first.
 */
public final class AgentFixture {
  private final CrmDatabase database;
  private final Agent agent;
  private final FixtureRows rows;

  AgentFixture(CrmDatabase database, Agent agent) {
    this.database = database;
    this.agent = agent;
    this.rows = new FixtureRows(database.agents(), agent);
  }

  /**
   * Adds customers. Phone numbers differ up to the 103,400th.
   *
   * @param count how many more
   * @return this fixture
   * @throws IllegalArgumentException if the count is negative
   */
  public AgentFixture withCustomers(int count) {
    rows.customers(require(count));
    return this;
  }

  /**
   * Adds messages of the customers that are there, in conversations in both directions; their ids
   * rise with their times.
   *
   * @param count how many more
   * @return this fixture
   * @throws IllegalArgumentException if the count is negative
   * @throws IllegalStateException if there is no customer yet
   */
  public AgentFixture withMessages(int count) {
    rows.messages(require(count));
    return this;
  }

  /**
   * Adds orders of the customers that are there, of one to four items, in all usual states.
   *
   * @param count how many more
   * @return this fixture
   * @throws IllegalArgumentException if the count is negative
   * @throws IllegalStateException if there is no customer yet
   */
  public AgentFixture withOrders(int count) {
    rows.orders(require(count));
    return this;
  }

  /**
   * The agent's prefix.
   *
   * @return what its tables' names begin with
   */
  public String prefix() {
    return agent.prefix();
  }

  /**
   * The agent as it was when the fixture was made.
   *
   * @return a row of {@code agents}
   */
  public Agent agent() {
    return agent;
  }

  /**
   * The user who works as the agent.
   *
   * @return an id in {@code users}
   * @throws IllegalStateException if the user was deleted
   */
  public UUID userId() {
    return agent
        .userId()
        .orElseThrow(() -> new IllegalStateException("agent " + prefix() + " has no user"));
  }

  /**
   * The agent's data as its own user sees them.
   *
   * @return a scope on the application's connections
   */
  public TenantScope scope() {
    return database.asAgent(prefix());
  }

  private static int require(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("count must be 0 or more, not " + count);
    }
    return count;
  }

  /** Names the agent. */
  @Override
  public String toString() {
    return "AgentFixture[" + prefix() + "]";
  }
}
