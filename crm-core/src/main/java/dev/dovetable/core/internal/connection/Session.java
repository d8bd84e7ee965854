package dev.dovetable.core.internal.connection;

import dev.dovetable.core.common.CrmObserver;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.internal.connection.ActingConnection.Single;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Subject;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.DSLContext;
import org.jooq.ExecuteListenerProvider;
import org.jooq.QueryPart;
import org.jooq.SQLDialect;
import org.jooq.conf.MappedSchema;
import org.jooq.conf.RenderMapping;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * How the statements of one actor about one subject are run. Thread-safe; within a transaction
 * there is another one, which belongs to its thread.
 */
public final class Session {
  /** The schema that the build generates from; nothing live has this name. */
  private static final String TEMPLATE_SCHEMA = "{schema}";

  private static final Single OUR_OWN = new Single(Queries.NONE, false);
  private static final Single CALLERS = new Single(Queries.NONE, true);

  private final Supplier<Configuration> making;
  private final Subject subject;
  private final CrmObserver observer;

  /** Null until it is needed: many a session is opened and not used. Two threads make the same. */
  private volatile @Nullable DSLContext dsl;

  private Session(Supplier<Configuration> making, Subject subject, CrmObserver observer) {
    this.making = making;
    this.subject = subject;
    this.observer = observer;
  }

  static Session of(ConnectionSource source, Prelude prelude, String schema, CrmObserver observer) {
    return new Session(
        () -> configuration(source, prelude, schema, observer), prelude.subject(), observer);
  }

  private static Configuration configuration(
      ConnectionSource source, Prelude prelude, String schema, CrmObserver observer) {
    ActorConnections connections = new ActorConnections(source, prelude);
    return new DefaultConfiguration()
        .set(SQLDialect.POSTGRES)
        .set(settings(schema))
        .set(connections)
        .set(new ActorTransactions(connections))
        .set(listeners(prelude.subject(), OUR_OWN, observer));
  }

  /**
   * One only, which is asked less by jOOQ, for each row too, while nothing is logged and nobody
   * observes.
   */
  private static ExecuteListenerProvider[] listeners(
      Subject subject, Single statement, CrmObserver observer) {
    StatementListener silent = new StatementListener(subject, statement);
    StatementListener logging = new SqlLog(subject, statement);
    ExecuteListenerProvider first = () -> SqlLog.isOn() ? logging : silent;
    if (observer == CrmObserver.NONE) {
      return new ExecuteListenerProvider[] {first};
    }
    Observed observed = new Observed(observer, subject);
    return new ExecuteListenerProvider[] {first, () -> observed};
  }

  private static Settings settings(String schema) {
    return new Settings()
        // jOOQ would log bound values.
        .withExecuteLogging(false)
        // Tables carry their schema in their name; the enum type role can't.
        .withRenderMapping(
            new RenderMapping()
                .withSchemata(new MappedSchema().withInput(TEMPLATE_SCHEMA).withOutput(schema)));
  }

  public DSLContext dsl() {
    DSLContext present = dsl;
    if (present == null) {
      present = DSL.using(making.get());
      dsl = present;
    }
    return present;
  }

  /** {@code agents.id}. One round trip. */
  public long fetchId(AgentIdentity agent) {
    return Optional.ofNullable(dsl().select(agent.id()).fetchSingle().value1())
        .orElseThrow(() -> new UnknownAgentException(agent.prefix(), null));
  }

  /** Runs something ahead of each statement, in the same transaction and round trip. */
  public DSLContext after(QueryPart first) {
    Single behind = new Single(Queries.of(dsl().renderInlined(first)), false);
    return DSL.using(dsl().configuration().derive(listeners(subject, behind, observer)));
  }

  /** For callers: a copy, so that nothing they set on it reaches this session. */
  public DSLContext copy() {
    return DSL.using(dsl().configuration().derive(listeners(subject, CALLERS, observer)));
  }

  /** What {@link #shared} runs. */
  public interface SharedWork<T extends @Nullable Object, E extends Exception> {
    T run(ConnectionSource joined) throws E;
  }

  /**
   * Like {@link #nested}, for work with several actors: to each of them, the transaction is like
   * one of the host's.
   */
  public <T extends @Nullable Object, E extends Exception> T shared(SharedWork<T, E> work)
      throws E {
    return this.<T, E>nested(
        inner ->
            work.run(
                new ConnectionSource.Transaction(
                    (HeldConnection) inner.dsl().configuration().connectionProvider())));
  }

  /** What {@link #nested} runs. */
  public interface Work<T extends @Nullable Object, E extends Exception> {
    T run(Session session) throws E;
  }

  /** Runs in a transaction of its own, or in a savepoint of the one at hand. */
  public <T extends @Nullable Object, E extends Exception> T nested(Work<T, E> work) throws E {
    AtomicReference<@Nullable Exception> thrown = new AtomicReference<>();
    ConnectionProvider own = dsl().configuration().connectionProvider();
    try {
      return dsl()
          .transactionResult(
              inner -> {
                OwnTransactions.enter(own);
                try {
                  return work.run(new Session(() -> inner, subject, observer));
                } catch (Exception e) {
                  thrown.set(e);
                  throw e;
                } finally {
                  OwnTransactions.leave();
                }
              });
    } catch (DataAccessException e) {
      Exception original = thrown.get();
      if (original == null || original != e.getCause()) {
        throw e;
      }
      // jOOQ wraps checked exceptions; this one is what the work declares.
      @SuppressWarnings("unchecked")
      E checked = (E) original;
      throw checked;
    }
  }
}
