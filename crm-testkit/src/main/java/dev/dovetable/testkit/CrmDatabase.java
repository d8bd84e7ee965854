package dev.dovetable.testkit;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.ActorScope;
import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Actor;
import dev.dovetable.schema.internal.settings.Names;
import dev.dovetable.testkit.internal.AppDataSource;
import dev.dovetable.testkit.internal.Claims;
import dev.dovetable.testkit.internal.Sql;
import dev.dovetable.testkit.server.Flavor;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import dev.dovetable.testkit.server.wire.WireTap;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * A database of its own with the CRM in it, dropped by {@link #close()}. {@link CrmTest} makes them
 * for JUnit; everywhere else:
 *
 * <pre>{@code
 * try (CrmDatabase database = CrmDatabase.create()) {
 *   database.agent("agt_a").withCustomers(100).withMessages(10_000);
 *   …
 * }
 * }</pre>
 *
 * <p>The application logs in as a role that is no superuser and a member of {@code anon}, {@code
 * authenticated} and {@code service_role}, as in production. What it sends goes through {@link
 * #dataSource()} or {@link #jdbcUrl()}, where it can be recorded.
 *
 * <p>Thread-safe.
 */
public final class CrmDatabase implements AutoCloseable {

  /** When everything in a fixture has happened: {@code 2026-02-01T12:00:00Z}. */
  static final Instant NOW = Instant.parse("2026-02-01T12:00:00Z");

  private final Installed installed;
  private final Clock clock;
  private final PostgresDatabase postgres;
  private final String login;
  private final WireTap tap;
  private final JdbcUrl url;
  private final AppDataSource dataSource;

  /** Past the tap, for the kit itself. */
  private final AppDataSource unrecorded;

  private final Crm crm;
  private final IsolationGuard guard;
  private final Agents agents;

  private CrmDatabase(Installed installed, Clock clock, PostgresDatabase postgres) {
    this.installed = installed;
    this.clock = clock;
    this.postgres = postgres;
    this.login = postgres.createLogin("app", "authenticated", "service_role", "anon");
    TappedUrl tapped = TappedUrl.of(postgres.jdbcUrl(login));
    this.tap = tapped.tap();
    this.url = tapped.url();
    this.dataSource = new AppDataSource(tapped.dataSource());
    this.crm = crm(dataSource);
    this.guard = new IsolationGuard(this, dataSource);
    tap.add(guard);
    this.unrecorded = new AppDataSource(postgres.dataSource(login));
    this.agents = new Agents(crm(unrecorded).asService(), clock, guard);
  }

  static CrmDatabase open(Installed installed, Clock clock, Flavor flavor) {
    PostgresDatabase postgres = PostgresServer.shared().createDatabase(flavor, installed);
    try {
      return new CrmDatabase(installed, clock, postgres);
    } catch (RuntimeException e) {
      postgres.close();
      throw e;
    }
  }

  private Crm crm(DataSource connections) {
    return Crm.builder(connections).schema(schema()).webhookSecrets(SignedWebhook.SECRET).build();
  }

  /**
   * A database with all settings at their defaults. See {@link CrmDatabaseBuilder#open()}.
   *
   * @return a database that the caller closes
   */
  public static CrmDatabase create() {
    return builder().open();
  }

  /**
   * For other settings.
   *
   * @return a builder with all settings at their defaults
   */
  public static CrmDatabaseBuilder builder() {
    return new CrmDatabaseBuilder();
  }

  /**
   * The schema that holds the tables.
   *
   * @return its name, unquoted
   */
  public String schema() {
    return installed.schema();
  }

  /**
   * The time at which the fixtures' data ends, and which stands still: for applications that take a
   * clock.
   *
   * @return a clock in UTC
   */
  public Clock clock() {
    return clock;
  }

  /**
   * The CRM as an application has it; callbacks are to be signed as {@link SignedWebhook} does.
   *
   * @return the same CRM at each call
   */
  public Crm crm() {
    return crm;
  }

  /**
   * The CRM as one user sees it.
   *
   * @param userId the id in {@code users}; nothing checks that it exists
   * @return everything that the user may reach, as {@link Crm#as} gives it
   */
  public ActorScope as(UUID userId) {
    return crm.as(Actor.user(userId));
  }

  /**
   * The CRM as somebody sees it who isn't signed in.
   *
   * @return a scope that runs as {@code anon}, which may do nothing
   */
  public ActorScope asAnonymous() {
    return crm.as(Actor.anonymous());
  }

  /**
   * The CRM as the back office sees it.
   *
   * @return everything, as {@link Crm#asService} gives it
   */
  public ActorScope asService() {
    return crm.asService();
  }

  /**
   * One agent's data, seen as the agent's own user.
   *
   * @param prefix the prefix of an agent
   * @return a scope, as {@link Crm#asAgent} gives it
   */
  public TenantScope asAgent(String prefix) {
    return crm.asAgent(prefix);
  }

  /**
   * The application's connections, logged in as its role and acting as nobody. They are kept for
   * the next taker, as in a pool without a bound.
   *
   * @return the same data source at each call
   */
  public DataSource dataSource() {
    return dataSource;
  }

  /**
   * Where pools and frameworks find the database that open connections themselves, as the
   * application's login.
   *
   * @return an address on this machine, good until the database is closed
   */
  public JdbcUrl jdbcUrl() {
    return url;
  }

  /**
   * The server's superuser: for what a test prepares or inspects past all policies. What it does is
   * never recorded.
   *
   * @return an unpooled data source
   */
  public DataSource superuser() {
    guard.expectWrites();
    return postgres.dataSource();
  }

  /**
   * A connection of its own on which role and claims are set for good: for tests of SQL that the
   * application sends itself, as PostgREST would. Closing it ends the session. One round trip
   * besides the login.
   *
   * @param actor who acts
   * @return a connection with autocommit on, that the caller closes
   * @throws SQLException if the database refuses
   */
  public Connection connect(Actor actor) throws SQLException {
    return Claims.of(actor).apply(dataSource.connectApart());
  }

  /**
   * An agent with this prefix, made unless it is there: with its user, and an admin who made it.
   * All ids but the database's own sequences' follow from the prefix. One round trip if it is
   * there, up to six to make it; none of them is recorded.
   *
   * @param prefix 1 to 20 characters: a lower-case letter, then lower-case letters, digits and
   *     underscores
   * @return a fixture to fill it with data
   * @throws dev.dovetable.core.common.RefusedException if the prefix is malformed or its tables'
   *     names are taken
   */
  public AgentFixture agent(String prefix) {
    return new AgentFixture(this, agents.findOrCreate(requireNonNull(prefix, "prefix")));
  }

  /**
   * Records what the application sends from now on, through {@link #dataSource()} and {@link
   * #jdbcUrl()}, whichever thread sends it.
   *
   * @return a recording that the caller closes
   */
  public Recording record() {
    return Recording.start(tap);
  }

  /**
   * Looks after what follows, until the watch is closed. Up to three round trips to begin with; at
   * the end five, and one for each connection that waits for its next taker.
   *
   * @return a watch that the caller closes
   */
  public Watch watch() {
    return watch("The block");
  }

  Watch watch(String name) {
    try {
      guard.begin(name);
      return new Watch(guard, name);
    } catch (SQLException e) {
      throw new IllegalStateException("the agents' tables could not be read", e);
    }
  }

  Agents agents() {
    return agents;
  }

  String privateSchema() {
    return Names.privateSchema(schema());
  }

  /** Has unqualified names mean the CRM's tables on a connection. */
  void usePath(Connection connection) throws SQLException {
    try (PreparedStatement path = connection.prepareStatement(Sql.text("use_path.sql"))) {
      path.setString(1, privateSchema());
      path.setString(2, schema());
      path.execute();
    }
  }

  /** Ends all sessions and drops the database with its login; again: does nothing. */
  @Override
  public void close() {
    dataSource.close();
    unrecorded.close();
    tap.close();
    guard.close();
    postgres.close();
  }

  /** {@return the database's address, without user and password} */
  @Override
  public String toString() {
    return "CrmDatabase[" + postgres + "]";
  }
}
