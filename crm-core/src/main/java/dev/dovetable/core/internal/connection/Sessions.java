package dev.dovetable.core.internal.connection;

import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.CrmObserver;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.BaseTables;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jooq.QueryPart;
import org.jspecify.annotations.Nullable;

/**
 * Opens sessions for one installation, on connections from one place. Immutable and thread-safe.
 */
public final class Sessions {
  private final ConnectionSource source;
  private final Timeouts timeouts;
  private final BaseTables base;
  private final CrmObserver observer;

  /** Rendered once, since a scope is opened for each request and each webhook. */
  private final Map<Object, Queries> rendered;

  /** Empty in a transaction. */
  private final Optional<Wakes> wakes;

  /**
   * For one installation.
   *
   * @param source where connections come from
   * @param timeouts of every statement
   * @param base the tables that all agents share
   * @param observer hears of statements
   */
  public Sessions(
      ConnectionSource source, Timeouts timeouts, BaseTables base, CrmObserver observer) {
    this(
        source,
        timeouts,
        base,
        observer,
        new ConcurrentHashMap<>(),
        Optional.of(new Wakes(source, observer)));
  }

  private Sessions(
      ConnectionSource source,
      Timeouts timeouts,
      BaseTables base,
      CrmObserver observer,
      Map<Object, Queries> rendered,
      Optional<Wakes> wakes) {
    this.source = source;
    this.timeouts = timeouts;
    this.base = base;
    this.observer = observer;
    this.rendered = rendered;
    this.wakes = wakes;
  }

  /** What {@link #shared} runs. */
  public interface SharedWork<T extends @Nullable Object, E extends Exception> {
    T run(Sessions joined) throws E;
  }

  /**
   * Runs work with several actors in one transaction: to each of them, it is like one of the
   * host's. Within such a one, it is a savepoint.
   */
  public <T extends @Nullable Object, E extends Exception> T shared(SharedWork<T, E> work)
      throws E {
    // Nothing is run as this actor.
    return open(prelude(Actor.anonymous()))
        .<T, E>shared(
            joined ->
                work.run(
                    new Sessions(joined, timeouts, base, observer, rendered, Optional.empty())));
  }

  /** The same on other connections, where the same schema is. */
  public Sessions on(ConnectionSource other) {
    return new Sessions(other, timeouts, base, observer, rendered, Optional.empty());
  }

  /** Where connections come from. */
  public ConnectionSource source() {
    return source;
  }

  /** Who wakes those who listen; empty in a transaction. */
  public Optional<Wakes> wakes() {
    return wakes;
  }

  /** Who hears what is done. */
  public CrmObserver observer() {
    return observer;
  }

  /** The tables that all agents share. */
  public BaseTables base() {
    return base;
  }

  /** For statements on the base tables. */
  public Prelude prelude(Actor actor) {
    return Prelude.of(actor, base, template(Optional.of(actor), false, Optional.empty()));
  }

  /**
   * For statements on an agent's tables.
   *
   * @param actor empty for the agent's own user
   */
  public Prelude prelude(Optional<Actor> actor, boolean readOnly, AgentIdentity agent) {
    Queries template = template(actor, readOnly, Optional.of(base));
    return actor
        .map(known -> Prelude.of(known, readOnly, agent, template))
        .orElseGet(() -> Prelude.ofOwnUser(readOnly, agent, template));
  }

  private record Kind(Optional<Class<?>> actor, boolean readOnly, boolean enters) {}

  private Queries template(Optional<Actor> actor, boolean readOnly, Optional<BaseTables> entered) {
    return rendered.computeIfAbsent(
        new Kind(actor.map(Object::getClass), readOnly, entered.isPresent()),
        kind -> Prelude.template(actor, timeouts, readOnly, entered));
  }

  /**
   * A query with literals and marks, which is rendered once per CRM.
   *
   * @param name nothing else has it
   */
  public Queries rendered(String name, Supplier<QueryPart> query) {
    return rendered.computeIfAbsent(name, first -> Prelude.inlined(query.get()));
  }

  public Session open(Prelude prelude) {
    return Session.of(source, prelude, base.schema(), observer);
  }
}
