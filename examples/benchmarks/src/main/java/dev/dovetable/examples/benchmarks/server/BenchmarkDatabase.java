package dev.dovetable.examples.benchmarks.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * A database with the schema in it. The application's login is no superuser, so row level security
 * applies to it; the superuser is for references that do without.
 */
public final class BenchmarkDatabase implements AutoCloseable {

  private static final int POOL_SIZE = 8;
  private static final int SUPERUSER_POOL_SIZE = 2;

  private final PostgresDatabase database;
  private final String login;
  private final HikariDataSource pool;
  private final HikariDataSource superuser;
  private final Crm crm;
  private final User admin;

  public BenchmarkDatabase(PostgresDatabase database) {
    this.database = database;
    // The view of a backend's memory wants this role.
    this.login = database.createLogin("app", "pg_read_all_stats");
    CrmSchema.builder().loginRole(login).build().install(database.dataSource());
    this.pool = pool(url(), POOL_SIZE);
    this.superuser = pool(superuserUrl(), SUPERUSER_POOL_SIZE);
    this.crm = Crm.create(pool);
    this.admin =
        crm.asService().users().create(new NewUser("Ada", "ada@crm.example", UserRole.ADMIN));
  }

  public static HikariDataSource pool(String url, int size) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(size);
    return new HikariDataSource(config);
  }

  /** Connections of the application's login. */
  public DataSource pool() {
    return pool;
  }

  public Crm crm() {
    return crm;
  }

  public User admin() {
    return admin;
  }

  /** Who is to work as an agent; the e-mail address begins with its prefix. */
  public User userFor(String prefix) {
    return crm.asService()
        .users()
        .create(new NewUser("Agent " + prefix, prefix + "@crm.example", UserRole.AGENT));
  }

  /** Makes an agent. */
  public TenantScope agent(String prefix) {
    crm.asService().agents().create(userFor(prefix).id(), prefix, admin.id());
    return crm.asAgent(prefix);
  }

  /** Makes an agent with customers, whose ids are 1 and up, and messages of all of them. */
  public TenantScope agent(String prefix, int customers, int messages) throws SQLException {
    TenantScope scope = agent(prefix);
    Sql.run(superuser(), Sql.of("insert_customers.sql", prefix), customers);
    Sql.run(superuser(), Sql.of("insert_messages.sql", prefix), customers, messages);
    return scope;
  }

  /** Has the planner know what is in the tables, and the visibility map made. */
  public void settle() throws SQLException {
    Sql.run(superuser(), "vacuum analyze");
    Sql.run(superuser(), "checkpoint");
  }

  /** The same where there are too many tables to look at each: of the catalogue only. */
  public void settleCatalogue() throws SQLException {
    Sql.run(superuser(), Sql.of("settle_catalogue.sql"));
    Sql.run(superuser(), "checkpoint");
  }

  public DataSource superuser() {
    return superuser;
  }

  public String name() {
    return database.name();
  }

  public int port() {
    return database.server().port();
  }

  public String host() {
    return database.server().host();
  }

  public String login() {
    return login;
  }

  /** For the application's login. */
  public String url() {
    return database.jdbcUrl(login);
  }

  public String superuserUrl() {
    return database.jdbcUrl();
  }

  public String superuserName() {
    return database.server().administrator();
  }

  @Override
  public void close() {
    pool.close();
    superuser.close();
    database.close();
  }
}
