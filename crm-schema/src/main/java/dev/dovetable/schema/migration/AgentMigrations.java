package dev.dovetable.schema.migration;

import static java.util.Objects.requireNonNull;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.internal.settings.Bounds;
import dev.dovetable.schema.internal.settings.Names;
import dev.dovetable.schema.internal.settings.Target;
import dev.dovetable.schema.migration.ExtensionRegister.Found;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings every agent's tables to the newest version of an application's {@link AgentExtension
 * extensions}.
 *
 * <pre>{@code
 * AgentMigrationReport report =
 *     AgentMigrations.of(appointments).run(dataSource);
 * }</pre>
 *
 * <p>First the versions are registered in the database: from then on every new agent gets them,
 * whoever makes it, in the transaction that makes it. Then each agent that misses one gets it in a
 * transaction of its own, several at a time. An agent that fails stays as it was and is recorded,
 * the others go on; another run does only what is missing. Killed at any moment, a run leaves every
 * agent either as it was or complete. Several runs may be under way at once.
 *
 * <p>Whoever runs it logs in as the role that installed the schema, or a member of it. Immutable
 * and thread-safe; holds no connection.
 */
public final class AgentMigrations {
  private static final Logger log = LoggerFactory.getLogger(AgentMigrations.class);

  private final List<AgentExtension> extensions;
  private final AgentMigrationSettings settings;

  private AgentMigrations(List<AgentExtension> extensions, AgentMigrationSettings settings) {
    this.extensions = extensions;
    this.settings = settings;
  }

  /**
   * For schema {@code public}, with all settings at their defaults.
   *
   * @param extensions what every agent is to have, in this order
   * @return the migrations
   * @throws IllegalArgumentException if two have the same name
   */
  public static AgentMigrations of(AgentExtension... extensions) {
    return builder(extensions).build();
  }

  /**
   * For other settings.
   *
   * @param extensions what every agent is to have, in this order
   * @return a builder with all settings at their defaults
   * @throws IllegalArgumentException if two have the same name
   */
  public static Builder builder(AgentExtension... extensions) {
    return new Builder(List.of(extensions));
  }

  /**
   * Internal, for the installer: what this library itself has changed about agents' tables, for
   * agents that are older.
   *
   * @param target the installation
   */
  public AgentMigrations(Target target) {
    this(List.of(), ofTheLibrary(target));
  }

  private static AgentMigrationSettings ofTheLibrary(Target target) {
    Builder builder = builder().schema(target.schema());
    builder.onlyExtension = AgentExtension.RESERVED_NAME;
    return builder.settings();
  }

  /**
   * Registers what is new, and brings every agent up to date. If every agent is up to date already,
   * it only looks: four round trips. Otherwise one for every eight agents, or for each agent if one
   * of the eight fails or few are left, some fifteen for each new version, which is tried first on
   * an agent that is never committed, and some eight for all else.
   *
   * @param dataSource gives connections: one is enough, and {@link Builder#connections} is the most
   *     that are taken
   * @return what was done
   * @throws SchemaException if the schema isn't installed, a registered version was changed, a new
   *     one fails or reaches beyond its agent, or the database can't be reached; agents that are
   *     done stay done
   */
  public AgentMigrationReport run(DataSource dataSource) {
    long begin = System.nanoTime();
    Found found =
        ExtensionRegister.ask(
            dataSource, settings, "register extensions", register -> register.register(extensions));
    return new AgentMigrationRun(log, dataSource, settings, found).run(begin);
  }

  /**
   * What {@link #run} would do, in a transaction that is rolled back. As many round trips.
   *
   * @param dataSource gives connections
   * @return the agents, and the SQL for one of them
   * @throws SchemaException as {@link #run} does
   */
  public AgentMigrationPlan plan(DataSource dataSource) {
    return ExtensionRegister.ask(
        dataSource, settings, "plan the migrations", register -> register.plan(extensions));
  }

  /**
   * Whether the database knows every version, and every agent has every version that the database
   * knows. Four round trips.
   *
   * @param dataSource gives connections; a member of service_role may ask, too
   * @return true if {@link #run} would do nothing
   * @throws SchemaException as {@link #run} does
   */
  public boolean isUpToDate(DataSource dataSource) {
    Found found =
        ExtensionRegister.ask(
            dataSource, settings, "look for agents", register -> register.look(extensions));
    return found.missing().isEmpty() && found.outdated().isEmpty();
  }

  /** Settings of a run. Not thread-safe; {@link #build()} can be called many times. */
  public static final class Builder {
    private static final int MAX_CONNECTIONS = 64;
    private static final int MAX_AGENTS_PER_SECOND = 100_000;

    private final List<AgentExtension> extensions;
    private String schema = Names.DEFAULT_SCHEMA;
    private String onlyExtension = "";
    private int connections = 4;
    private Duration lockTimeout = Duration.ofMillis(200);
    private Duration statementTimeout = Duration.ofMinutes(5);
    private Duration giveUpAfter = Duration.ofSeconds(30);
    private OptionalInt agentsPerSecond = OptionalInt.empty();
    private boolean stopAtFirstFailure;
    private BooleanSupplier stop = () -> false;
    private AgentMigrationListener listener = (result, done, total) -> {};

    private Builder(List<AgentExtension> extensions) {
      this.extensions = extensions;
      Set<String> names = new TreeSet<>();
      for (AgentExtension extension : extensions) {
        if (!names.add(extension.name())) {
          throw new IllegalArgumentException(
              "extensions must have different names, but two are " + extension.name());
        }
      }
    }

    /**
     * The schema that holds the tables; default {@code public}.
     *
     * @param schema a name, unquoted; at most 55 bytes
     * @return this builder
     * @throws IllegalArgumentException if there can be no such schema
     */
    public Builder schema(String schema) {
      this.schema = Names.requireSchema(schema);
      return this;
    }

    /**
     * How many agents are migrated at a time, at most, each over a connection of its own; default
     * 4. If the pool has fewer, or others use them, the run goes on with those that it gets. Each
     * is given back after half a second, so that an application that shares the pool gets its turn.
     *
     * @param connections from 1 to 64
     * @return this builder
     * @throws IllegalArgumentException if it is out of bounds
     */
    public Builder connections(int connections) {
      this.connections = Bounds.require("connections", connections, MAX_CONNECTIONS);
      return this;
    }

    /**
     * How long an agent's migration may wait for one lock, which is also how long the agent's own
     * statements may have to wait behind it; default 200 milliseconds. When it is reached, the
     * agent is tried again a little later.
     *
     * @param timeout from 1 millisecond to 1 hour
     * @return this builder
     * @throws IllegalArgumentException if it is out of bounds
     */
    public Builder lockTimeout(Duration timeout) {
      this.lockTimeout = Bounds.require("lockTimeout", timeout, Bounds.MILLISECOND, Bounds.HOUR);
      return this;
    }

    /**
     * How long an agent's migration may take; default 5 minutes.
     *
     * @param timeout from 1 millisecond to 1 day
     * @return this builder
     * @throws IllegalArgumentException if it is out of bounds
     */
    public Builder statementTimeout(Duration timeout) {
      this.statementTimeout =
          Bounds.require("statementTimeout", timeout, Bounds.MILLISECOND, Bounds.DAY);
      return this;
    }

    /**
     * For how long an agent whose locks can't be had is tried again, before it is recorded as
     * failed; default 30 seconds.
     *
     * @param duration from 0 to 1 day
     * @return this builder
     * @throws IllegalArgumentException if it is out of bounds
     */
    public Builder giveUpAfter(Duration duration) {
      this.giveUpAfter = Bounds.require("giveUpAfter", duration, Duration.ZERO, Bounds.DAY);
      return this;
    }

    /**
     * How many agents are begun in a second, at most; default: no limit.
     *
     * @param agents from 1 to 100,000
     * @return this builder
     * @throws IllegalArgumentException if it is out of bounds
     */
    public Builder agentsPerSecond(int agents) {
      this.agentsPerSecond =
          OptionalInt.of(Bounds.require("agentsPerSecond", agents, MAX_AGENTS_PER_SECOND));
      return this;
    }

    /**
     * Ends the run at the first agent that fails, after the transactions in flight; default: the
     * others go on.
     *
     * @return this builder
     */
    public Builder stopAtFirstFailure() {
      this.stopAtFirstFailure = true;
      return this;
    }

    /**
     * Ends the run early, after the transactions in flight; default: never. Interrupting the thread
     * that runs does so, too.
     *
     * @param stop asked by several threads before each agent, or before several that are sent at
     *     once
     * @return this builder
     */
    public Builder stopWhen(BooleanSupplier stop) {
      this.stop = requireNonNull(stop, "stop");
      return this;
    }

    /**
     * Who hears of the progress; default: nobody.
     *
     * @param listener told of each agent
     * @return this builder
     */
    public Builder listener(AgentMigrationListener listener) {
      this.listener = requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Makes the migrations. No database is needed yet.
     *
     * @return migrations with these settings
     */
    public AgentMigrations build() {
      return new AgentMigrations(extensions, settings());
    }

    private AgentMigrationSettings settings() {
      return new AgentMigrationSettings(
          Target.of(schema),
          onlyExtension,
          connections,
          lockTimeout,
          statementTimeout,
          giveUpAfter,
          agentsPerSecond,
          stopAtFirstFailure,
          stop,
          listener);
    }
  }
}
