package dev.dovetable.core.changes;

import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.BaseTables;
import dev.dovetable.core.internal.sql.QueryTemplate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.JSONB;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * Somebody who must miss nothing and do nothing twice. How far it has come is kept in the database,
 * under its name, and written in the transaction in which it takes changes: with its work in the
 * same one, both are done, or neither.
 *
 * <pre>{@code
 * int taken =
 *     crm.transaction(
 *         inner -> {
 *           List<Change> changes = inner.asService().changes().consumer("search").take(100);
 *           index(inner, changes);
 *           return changes.size();
 *         });
 * }</pre>
 *
 * <p>What happens outside of the database can't be taken back with the transaction: there, a change
 * may come twice, and {@link Change#position()} tells. {@link ChangeFeed#consumer} says whose it
 * is. Immutable and thread-safe; one that was opened in a transaction belongs to its thread.
 */
public final class ChangeConsumer {
  private static final QueryTemplate<JSONB> TAKE =
      QueryTemplate.ofFile("changes/take.sql", DSL.field(DSL.name("page"), SQLDataType.JSONB));
  private static final QueryTemplate<String> RESTART =
      QueryTemplate.ofFile("changes/restart.sql", DSL.field(DSL.name("done"), String.class));
  private static final QueryTemplate<Boolean> REMOVE =
      QueryTemplate.ofFile("changes/remove.sql", DSL.field(DSL.name("done"), Boolean.class));

  private final Session session;
  private final BaseTables base;
  private final Optional<String> agent;
  private final String name;

  ChangeConsumer(Session session, BaseTables base, Optional<String> agent, String name) {
    this.session = session;
    this.base = base;
    this.agent = agent;
    this.name = name;
  }

  /**
   * Takes the next changes. One at a time for each consumer: another one that takes waits for the
   * end of this transaction. The first time, it begins with the present, and gives nothing. One
   * round trip.
   *
   * @param limit how many at most, from 1 to 10 000
   * @return the changes; empty if there are no more by now
   * @throws RefusedException if changes since the last time are kept no longer ({@link
   *     RefusedException.Reason#CHANGES_LOST}): make good for what may be missing, and {@link
   *     #restart()}; or if it would be the 101st of this agent for a user ({@link
   *     RefusedException.Reason#TOO_MANY_CONSUMERS}), which the service has no bound for
   */
  public List<Change> take(int limit) {
    return ChangeReader.page(
            TAKE.fetchSingle(
                session.dsl(),
                base,
                Map.of(
                    "take_changes",
                    DSL.sql("{0}", base.internal("take_changes")),
                    "agent",
                    ChangeReader.text(agent),
                    "consumer",
                    DSL.val(name),
                    "wanted",
                    DSL.val(ChangeReader.limit(limit)))))
        .changes();
  }

  /**
   * Has it go on from the present, as if it had taken all; makes it where there was none. One round
   * trip.
   *
   * @throws RefusedException as {@link #take} does, if there are too many
   */
  public void restart() {
    RESTART.fetchSingle(session.dsl(), base, names("restart_consumer"));
  }

  /**
   * Forgets it. One round trip.
   *
   * @return whether there was such a consumer
   */
  public boolean remove() {
    return REMOVE.fetchSingle(session.dsl(), base, names("remove_consumer"));
  }

  private Map<String, org.jooq.QueryPart> names(String function) {
    return Map.of(
        function,
        DSL.sql("{0}", base.internal(function)),
        "agent",
        ChangeReader.text(agent),
        "consumer",
        DSL.val(name));
  }
}
