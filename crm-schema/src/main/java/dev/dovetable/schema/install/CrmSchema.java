package dev.dovetable.schema.install;

import static java.util.Objects.requireNonNull;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.internal.files.Scripts;
import dev.dovetable.schema.internal.settings.Bounds;
import dev.dovetable.schema.internal.settings.Names;
import dev.dovetable.schema.internal.settings.Target;
import dev.dovetable.schema.migration.AgentMigrations;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs, upgrades and examines the CRM schema of the specification, and exports its files.
 *
 * <pre>{@code
 * InstallReport report = CrmSchema.create().install(dataSource);
 * }</pre>
 *
 * <p>An installation is one transaction: it is there as a whole or, whatever happens meanwhile, not
 * at all. Applications that start at the same time take turns; the first installs, the others find
 * it done. What an upgrade changes about the tables of agents that exist comes after it, each agent
 * in a transaction of its own: see {@link #install(DataSource)}.
 *
 * <p>Immutable and thread-safe; holds no connection.
 */
public final class CrmSchema {
  private static final Logger log = LoggerFactory.getLogger(CrmSchema.class);

  private final Target target;
  private final Scripts scripts = Scripts.current();
  private final SchemaOperations operations;

  private CrmSchema(Target target) {
    this.target = target;
    this.operations = new SchemaOperations(target, scripts, log);
  }

  /**
   * For schema {@code public}, and applications that log in as the role that installs.
   *
   * @return an installer with all settings at their defaults
   */
  public static CrmSchema create() {
    return builder().build();
  }

  /**
   * For other settings.
   *
   * @return a builder with all settings at their defaults
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The schema that holds the tables.
   *
   * @return its name, unquoted
   */
  public String schema() {
    return target.schema();
  }

  /**
   * The schema version that this library installs.
   *
   * @return the number of its newest migration
   */
  public int version() {
    return scripts.version();
  }

  /**
   * Installs or upgrades, in a transaction of its own on a connection of the pool.
   *
   * <p>An installation that is current costs five round trips, no lock and no write. Otherwise it
   * takes one advisory lock (one installer at a time in a database, whatever the schema), then runs
   * the files that are missing.
   *
   * <p>When that is committed, agents whose tables are those of an older version are brought up to
   * date, as {@link AgentMigrations} does it with its default settings: several at a time, each in
   * a transaction of its own. Killed meanwhile, the next call goes on; until then {@link #status}
   * is {@link SchemaStatus.State#AGENTS_BEHIND}, new agents are complete, and older ones have what
   * they had. An agent that fails is in the report's notes; the others go on.
   *
   * @param dataSource gives connections to the database, as a role that may create schemas and,
   *     unless they exist, roles
   * @return what was done, and what could not be done
   * @throws SchemaException if it was refused or failed; nothing was changed then, unless the
   *     connection was lost while agents were brought up to date
   */
  public InstallReport install(DataSource dataSource) {
    requireNonNull(dataSource, "dataSource");
    return operations.install(dataSource);
  }

  /**
   * Installs or upgrades on a connection of the caller's, which stays open.
   *
   * <p>With autocommit on, this is one transaction of its own, as in {@link #install(DataSource)},
   * and autocommit is on afterwards. With autocommit off, it becomes part of the caller's
   * transaction, which must be read committed: the caller commits, and until then every other
   * installer waits. Its settings search_path, client_min_messages, lock_timeout and
   * statement_timeout have the values from before again, for the rest of the transaction; those of
   * the session are never touched. A failure undoes the installation's part only, so that the
   * transaction can go on. Five round trips if it is current, seven in a caller's transaction.
   *
   * <p>Here, older agents are brought up to date inside the transaction. With more than some
   * hundred of them that needs a larger {@code max_locks_per_transaction}; {@link
   * #install(DataSource)} doesn't.
   *
   * @param connection a connection to the database
   * @return what was done, and what could not be done
   * @throws SchemaException if it was refused or failed; nothing was changed then
   */
  public InstallReport install(Connection connection) {
    requireNonNull(connection, "connection");
    return operations.install(connection);
  }

  /**
   * Compares the database with this library, in a read-only transaction. Five round trips.
   *
   * @param dataSource gives connections to the database
   * @return what was found
   * @throws SchemaException if the database could not be read
   */
  public SchemaStatus status(DataSource dataSource) {
    requireNonNull(dataSource, "dataSource");
    return operations.status(dataSource);
  }

  /**
   * Compares the database with this library and changes nothing, on a connection of the caller's.
   * With autocommit off it looks from inside the caller's transaction and leaves that as it was.
   * Five round trips; seven in a caller's transaction.
   *
   * @param connection a connection to the database
   * @return what was found
   * @throws SchemaException if the database could not be read
   */
  public SchemaStatus status(Connection connection) {
    requireNonNull(connection, "connection");
    return operations.status(connection);
  }

  /**
   * Makes sure that the database is current, for applications whose schema somebody else installs.
   * Changes nothing and costs what {@link #status(DataSource)} does.
   *
   * @param dataSource gives connections to the database; a member of service_role is enough
   * @throws SchemaException if it is not current ({@link Reason#NOT_CURRENT}), or could not be read
   */
  public void validate(DataSource dataSource) {
    SchemaOperations.requireCurrent(status(dataSource));
  }

  /**
   * Makes sure that the database is current; see {@link #validate(DataSource)} and {@link
   * #status(Connection)}.
   *
   * @param connection a connection to the database
   * @throws SchemaException if it is not current ({@link Reason#NOT_CURRENT}), or could not be read
   */
  public void validate(Connection connection) {
    SchemaOperations.requireCurrent(status(connection));
  }

  /**
   * Writes all files for psql: {@code install.sql} for a new database and {@code upgrade.sql} for
   * an older one, each complete and one transaction; besides, {@code schema/} and {@code
   * migrations/} as they are, to be run one by one, each a transaction of its own. Files of the
   * same name are overwritten. No database is needed.
   *
   * @param folder where to; created if it is missing
   * @return the files written
   * @throws SchemaException if a file could not be written
   */
  public List<Path> exportTo(Path folder) {
    requireNonNull(folder, "folder");
    return new Exporter(scripts, target).forPsql(folder);
  }

  /**
   * Writes the files into {@code supabase/migrations} of a project, numbered as of now; see {@link
   * #exportForSupabase(Path, Instant)}.
   *
   * @param project the folder that holds {@code supabase}; created if it is missing
   * @return the files written, in the order in which the CLI runs them
   * @throws SchemaException if a file could not be written
   */
  public List<Path> exportForSupabase(Path project) {
    return exportForSupabase(project, Clock.systemUTC().instant());
  }

  /**
   * Writes the files into {@code supabase/migrations} of a project, numbered {@code yyyyMMddHHmmss}
   * in UTC from the given second on, one second each. Each is a transaction of its own. {@code
   * supabase_compat.sql} is left out: Supabase brings what it makes. No database is needed.
   *
   * @param project the folder that holds {@code supabase}; created if it is missing
   * @param first the time in the name of the first file; fractions of a second are dropped
   * @return the files written, in the order in which the CLI runs them
   * @throws SchemaException if a file could not be written
   */
  public List<Path> exportForSupabase(Path project, Instant first) {
    requireNonNull(project, "project");
    requireNonNull(first, "first");
    return new Exporter(scripts, target).forSupabase(project, first);
  }

  /** Settings of an installer. Not thread-safe; {@link #build()} can be called many times. */
  public static final class Builder {
    private String schema = Names.DEFAULT_SCHEMA;
    private Optional<String> loginRole = Optional.empty();
    private Duration lockTimeout = Target.DEFAULT_LOCK_TIMEOUT;

    private Builder() {}

    /**
     * The schema that holds the tables; default {@code public}. It is created if it is missing.
     * What the specification does not name lives beside it, in {@code crm_private} for {@code
     * public} and {@code <schema>_private} elsewhere.
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
     * The role that applications log in as; default is the role that installs. It is made a member
     * of authenticated and service_role, which the library acts as; where the installing role may
     * not do that, the report holds the GRANT. The installing role is then made no member, so a CRM
     * on its own connections is refused by the database.
     *
     * @param loginRole the name of an existing role, unquoted
     * @return this builder
     * @throws IllegalArgumentException if there can be no such role
     */
    public Builder loginRole(String loginRole) {
      this.loginRole = Optional.of(Names.requireRole("loginRole", loginRole));
      return this;
    }

    /**
     * How long to wait for another installer; default one minute. A lock on a table is waited for
     * ten seconds, because everybody who comes later waits behind it.
     *
     * @param lockTimeout from one millisecond to one hour
     * @return this builder
     * @throws IllegalArgumentException if it is out of bounds
     */
    public Builder lockTimeout(Duration lockTimeout) {
      this.lockTimeout =
          Bounds.require("lockTimeout", lockTimeout, Bounds.MILLISECOND, Bounds.HOUR);
      return this;
    }

    /**
     * Makes the installer.
     *
     * @return an installer with these settings
     */
    public CrmSchema build() {
      return new CrmSchema(new Target(schema, loginRole, lockTimeout));
    }
  }
}
