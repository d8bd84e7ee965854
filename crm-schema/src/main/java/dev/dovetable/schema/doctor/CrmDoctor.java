package dev.dovetable.schema.doctor;

import static java.util.Objects.requireNonNull;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.internal.jdbc.Connections;
import dev.dovetable.schema.internal.settings.Bounds;
import dev.dovetable.schema.internal.settings.Names;
import dev.dovetable.schema.internal.settings.Target;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what is not as a fresh installation with fresh agents would be, and repairs what can be
 * repaired without touching data.
 *
 * <pre>{@code
 * CrmDoctor doctor = CrmDoctor.create();
 * DoctorReport report = doctor.examine(dataSource);
 * report.findings().forEach(finding -> log.warn("{}", finding));
 * RepairReport repaired = doctor.repair(dataSource, report);
 * }</pre>
 *
 * <p>What it compares with is made in the same database: an agent with what every agent has, and an
 * installation in a schema of its own, each in a transaction that is rolled back after some tenths
 * of a second. Then all agents are compared at once, by their catalogue entries. A difference
 * counts if a second look shows it, too, so agents may be made, deleted and migrated meanwhile.
 *
 * <p>Whoever runs it logs in as the role that installed the schema, or a member of it. The server's
 * process keeps some 10 to 60 kB for each agent in its cache as long as the connection is open;
 * give it a connection that is closed afterwards rather than one of a pool. Immutable and
 * thread-safe; holds no connection.
 */
public final class CrmDoctor {
  private static final Logger log = LoggerFactory.getLogger(CrmDoctor.class);

  private final DoctorSettings settings;

  private CrmDoctor(DoctorSettings settings) {
    this.settings = settings;
  }

  /**
   * For schema {@code public}, with all settings at their defaults.
   *
   * @return the doctor
   */
  public static CrmDoctor create() {
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
   * Looks at everything and changes nothing. Some thirty round trips, up to twice as many if
   * something is found, because that is looked at again, seven for every 25 agents, two more of
   * them have an inbox, and two for every fifty if order totals are looked at.
   *
   * <p>Making agents waits for a tenth of a second meanwhile, or as long as {@link
   * Builder#lockTimeout} says; reading and writing agents' tables waits for nothing.
   *
   * @param dataSource gives one connection
   * @return what was found
   * @throws SchemaException if the schema isn't installed or isn't this release's, the role isn't
   *     the one that installed it, locks can't be had, or the database can't be reached
   */
  public DoctorReport examine(DataSource dataSource) {
    long begin = System.nanoTime();
    DoctorReport report =
        Connections.with(
            dataSource,
            "examine schema " + settings.target().schema(),
            connection -> new Examination(connection, settings).report(begin));
    log.info(
        "CRM schema {}: {} findings in {} ms",
        report.schema(),
        report.findings().size(),
        report.duration().toMillis());
    return report;
  }

  /**
   * Runs the statements that a report holds. An agent's statements are a transaction of their own,
   * under the lock that its migrations take; those of the installation are another one. Each
   * finding is looked at again first: one that is gone, or that differs by now, is left alone. A
   * statement that fails undoes its own finding's repair only. Where roles or the schema auth were
   * missing, nothing else could be compared: once they are there, the rest is examined and
   * repaired, too.
   *
   * <p>No row is changed but of an inbox the state that is derived from messages, sequences may be
   * set, and no table or column is dropped. Building an index and proving a constraint read the
   * agent's table, and writers wait for it.
   *
   * @param dataSource gives one connection
   * @param report what {@link #examine} found; of the same schema
   * @return how it went with each finding that has statements
   * @throws IllegalArgumentException if the report is about another schema
   * @throws SchemaException as {@link #examine} does; agents that are done stay done
   */
  public RepairReport repair(DataSource dataSource, DoctorReport report) {
    requireNonNull(report, "report");
    if (!report.schema().equals(settings.target().schema())) {
      throw new IllegalArgumentException(
          "the report is about schema "
              + report.schema()
              + ", and this doctor is for schema "
              + settings.target().schema());
    }
    long begin = System.nanoTime();
    RepairReport repaired =
        Connections.with(
            dataSource,
            "repair schema " + report.schema(),
            connection -> new Repair(connection, settings).run(report.repairable(), begin));
    log.info(
        "CRM schema {}: {} findings repaired, {} failed, in {} ms",
        report.schema(),
        repaired.results().stream()
            .filter(result -> result.outcome() == RepairReport.Outcome.REPAIRED)
            .count(),
        repaired.failures().size(),
        repaired.duration().toMillis());
    return repaired;
  }

  /** Settings of a doctor. Not thread-safe; {@link #build()} can be called many times. */
  public static final class Builder {
    private String schema = Names.DEFAULT_SCHEMA;
    private Optional<String> loginRole = Optional.empty();
    private OrderTotals orderTotals = OrderTotals.SAMPLED;
    private Duration lockTimeout = Duration.ofMillis(200);
    private Duration giveUpAfter = Duration.ofSeconds(30);

    private Builder() {}

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
     * The role that applications log in as. Whether it is a member of the roles that the library
     * acts as is looked at only if it is named here.
     *
     * @param loginRole the name of a role, unquoted
     * @return this builder
     * @throws IllegalArgumentException if there can be no such role
     */
    public Builder loginRole(String loginRole) {
      this.loginRole = Optional.of(Names.requireRole("loginRole", loginRole));
      return this;
    }

    /**
     * Which orders' totals are compared with the sums of their items, and of agents with an inbox
     * which conversations with their messages; default {@link OrderTotals#SAMPLED}.
     *
     * @param orderTotals which
     * @return this builder
     */
    public Builder orderTotals(OrderTotals orderTotals) {
      this.orderTotals = requireNonNull(orderTotals, "orderTotals");
      return this;
    }

    /**
     * How long to wait for one lock, which is also how long others may have to wait behind it;
     * default 200 milliseconds. When it is reached, it is tried again a little later.
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
     * For how long it tries again where locks can't be had; default 30 seconds. After that the
     * examination fails, and in a repair the findings of the agent concerned do.
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
     * Makes the doctor. No database is needed yet.
     *
     * @return a doctor with these settings
     */
    public CrmDoctor build() {
      return new CrmDoctor(
          new DoctorSettings(
              new Target(schema, loginRole, lockTimeout), orderTotals, lockTimeout, giveUpAfter));
    }
  }
}
