package dev.wacrm.schema;

import static java.util.Objects.requireNonNull;

import dev.wacrm.schema.SchemaException.Reason;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
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
 * it done.
 *
 * <p>Immutable and thread-safe; holds no connection.
 */
public final class CrmSchema {
  private static final Logger log = LoggerFactory.getLogger(CrmSchema.class);

  private final Target target;
  private final Scripts scripts = Scripts.current();

  private CrmSchema(Target target) {
    this.target = target;
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
   * <p>An installation that is current costs four round trips, no lock and no write. Otherwise it
   * takes one advisory lock (one installer at a time in a database, whatever the schema), then runs
   * the files that are missing.
   *
   * @param dataSource gives connections to the database, as a role that may create schemas and,
   *     unless they exist, roles
   * @return what was done, and what could not be done
   * @throws SchemaException if it was refused or failed; nothing was changed then
   */
  public InstallReport install(DataSource dataSource) {
    requireNonNull(dataSource, "dataSource");
    return withConnection(
        dataSource, "install the schema", connection -> install(connection, Transaction::begin));
  }

  /**
   * Installs or upgrades on a connection of the caller's, which stays open.
   *
   * <p>With autocommit on, this is one transaction of its own, as in {@link #install(DataSource)},
   * and autocommit is on afterwards. With autocommit off, it becomes part of the caller's
   * transaction, which must be read committed: the caller commits, and until then every other
   * installer waits. Its search_path, client_min_messages, lock_timeout and statement_timeout are
   * put back as the session's, even if they were local; a failure undoes the installation's part
   * only, so that the transaction can go on. Four round trips if it is current, six in a caller's
   * transaction.
   *
   * @param connection a connection to the database
   * @return what was done, and what could not be done
   * @throws SchemaException if it was refused or failed; nothing was changed then
   */
  public InstallReport install(Connection connection) {
    requireNonNull(connection, "connection");
    return Errors.translating("install the schema", () -> install(connection, opener(connection)));
  }

  /**
   * Compares the database with this library, in a read-only transaction. Four round trips.
   *
   * @param dataSource gives connections to the database
   * @return what was found
   * @throws SchemaException if the database could not be read
   */
  public SchemaStatus status(DataSource dataSource) {
    requireNonNull(dataSource, "dataSource");
    return withConnection(
        dataSource, "examine the schema", connection -> status(connection, Transaction::begin));
  }

  /**
   * Compares the database with this library and changes nothing, on a connection of the caller's.
   * With autocommit off it looks from inside the caller's transaction and leaves that as it was.
   * Four round trips; six in a caller's transaction.
   *
   * @param connection a connection to the database
   * @return what was found
   * @throws SchemaException if the database could not be read
   */
  public SchemaStatus status(Connection connection) {
    requireNonNull(connection, "connection");
    return Errors.translating("examine the schema", () -> status(connection, opener(connection)));
  }

  /**
   * Makes sure that the database is current, for applications whose schema somebody else installs.
   * Changes nothing and costs what {@link #status(DataSource)} does.
   *
   * @param dataSource gives connections to the database; a member of service_role is enough
   * @throws SchemaException if it is not current ({@link Reason#NOT_CURRENT}), or could not be read
   */
  public void validate(DataSource dataSource) {
    requireCurrent(status(dataSource));
  }

  /**
   * Makes sure that the database is current; see {@link #validate(DataSource)} and {@link
   * #status(Connection)}.
   *
   * @param connection a connection to the database
   * @throws SchemaException if it is not current ({@link Reason#NOT_CURRENT}), or could not be read
   */
  public void validate(Connection connection) {
    requireCurrent(status(connection));
  }

  /**
   * Writes all files for psql: {@code schema/} and {@code migrations/} as they are, {@code
   * install.sql} for a new database and {@code upgrade.sql} for an older one. Files of the same
   * name are overwritten. No database is needed.
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
   * in UTC from the given second on, one second each. {@code supabase_compat.sql} is left out:
   * Supabase brings what it makes. No database is needed.
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

  /** Opens a transaction, or joins one. */
  @FunctionalInterface
  private interface Opener {
    Transaction open(Connection connection, String privateSchema, boolean readOnly)
        throws SQLException;
  }

  @FunctionalInterface
  private interface ConnectionWork<T> {
    T run(Connection connection) throws SQLException;
  }

  private static Opener opener(Connection connection) throws SQLException {
    return connection.getAutoCommit() ? Transaction::begin : Transaction::join;
  }

  private static <T> T withConnection(DataSource dataSource, String doing, ConnectionWork<T> work) {
    return Errors.translating(
        doing,
        () -> {
          try (Connection connection = dataSource.getConnection()) {
            return work.run(connection);
          }
        });
  }

  private InstallReport install(Connection connection, Opener opener) throws SQLException {
    try (Transaction transaction = opener.open(connection, target.privateSchema(), false)) {
      InstallReport report = new Installer(transaction, target, scripts).install();
      transaction.complete();
      log(report);
      return report;
    }
  }

  private SchemaStatus status(Connection connection, Opener opener) throws SQLException {
    // Never completed: what it set is undone.
    try (Transaction transaction = opener.open(connection, target.privateSchema(), true)) {
      Findings findings = Findings.read(transaction.connection(), target);
      Refusals.checkReadable(findings, target);
      return Diagnosis.of(findings, scripts, target.schema()).status();
    }
  }

  private static void requireCurrent(SchemaStatus status) {
    if (!status.isCurrent()) {
      throw new SchemaException(
          Reason.NOT_CURRENT,
          String.format(
              "Schema %s is %s, not %s%s.",
              status.schema(),
              status.state(),
              SchemaStatus.State.CURRENT,
              status.details().isEmpty() ? "" : ": " + Refusals.joined(status.details())),
          "Run CrmSchema.install as the owner of the schema; where it must refuse, it says what to do.");
    }
  }

  private static void log(InstallReport report) {
    if (report.outcome() == InstallReport.Outcome.ALREADY_CURRENT) {
      log.debug("CRM schema {}: version {} is current", report.schema(), report.version());
    } else {
      log.info(
          "CRM schema {}: {}, version {}, {} files in {} ms",
          report.schema(),
          report.outcome(),
          report.version(),
          report.steps().size(),
          report.duration().toMillis());
    }
    for (InstallReport.Note note : report.notes()) {
      if (note.statement().isPresent()) {
        log.warn("CRM schema {}: {}", report.schema(), note);
      } else {
        log.info("CRM schema {}: {}", report.schema(), note);
      }
    }
  }

  /** Settings of an installer. Not thread-safe; {@link #build()} can be called many times. */
  public static final class Builder {
    private String schema = Target.DEFAULT_SCHEMA;
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
     */
    public Builder schema(String schema) {
      this.schema = requireNonNull(schema, "schema");
      return this;
    }

    /**
     * The role that applications log in as; default is the role that installs. It is made a member
     * of authenticated and service_role, which the library acts as; where the installing role may
     * not do that, the report holds the GRANT.
     *
     * @param loginRole the name of an existing role, unquoted
     * @return this builder
     */
    public Builder loginRole(String loginRole) {
      this.loginRole = Optional.of(requireNonNull(loginRole, "loginRole"));
      return this;
    }

    /**
     * How long to wait for another installer; default one minute. A lock on a table is waited for
     * ten seconds, because everybody who comes later waits behind it.
     *
     * @param lockTimeout from one millisecond to one hour
     * @return this builder
     */
    public Builder lockTimeout(Duration lockTimeout) {
      this.lockTimeout = requireNonNull(lockTimeout, "lockTimeout");
      return this;
    }

    /**
     * Makes the installer.
     *
     * @return an installer with these settings
     * @throws IllegalArgumentException if a setting is out of its bounds; the message names them
     */
    public CrmSchema build() {
      return new CrmSchema(new Target(schema, loginRole, lockTimeout));
    }
  }
}
