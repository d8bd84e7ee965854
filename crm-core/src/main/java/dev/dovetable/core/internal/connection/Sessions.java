package dev.dovetable.core.internal.connection;

import dev.dovetable.core.common.Actor;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.BaseTables;
import java.util.Optional;

/**
 * Opens sessions for one installation, on connections from one place. Immutable and thread-safe.
 *
 * @param source where connections come from
 * @param timeouts of every statement
 * @param base the tables that all agents share
 */
public record Sessions(ConnectionSource source, Timeouts timeouts, BaseTables base) {

  /** The same, on the connection of a transaction. */
  public Sessions within(ConnectionSource transaction) {
    return new Sessions(transaction, timeouts, base);
  }

  /** For statements on the base tables. */
  public Prelude prelude(Actor actor) {
    return Prelude.of(actor, timeouts, base);
  }

  /**
   * For statements on an agent's tables.
   *
   * @param actor empty for the agent's own user
   */
  public Prelude prelude(Optional<Actor> actor, boolean readOnly, AgentIdentity agent) {
    return Prelude.of(actor, timeouts, readOnly, agent);
  }

  public Session open(Prelude prelude) {
    return Session.of(source, prelude, base.schema());
  }
}
