package dev.dovetable.examples.quickstart;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.install.InstallReport;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import dev.dovetable.testkit.server.PostgresServer.Source;
import dev.dovetable.testkit.server.PostgresServerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/** An embedded PostgreSQL with the schema in it, and a pool of connections for the application. */
final class Database implements AutoCloseable {

  private static final int POOL_SIZE = 4;

  private final PostgresServer server;
  private final PostgresDatabase database;
  private final Optional<Path> dataDirectory;
  private final InstallReport report;
  private final String role;
  private final HikariDataSource pool;

  private Database(PostgresServer server, Optional<Path> dataDirectory) {
    this.server = server;
    this.dataDirectory = dataDirectory;
    this.database = server.createDatabase();
    // No superuser: that would pass by row level security, and by every other refusal.
    this.role = database.createLogin("app");
    this.report = CrmSchema.builder().loginRole(role).build().install(database.dataSource());
    // Each agent that is made from now on gets the tables of webhooks, too.
    AgentMigrations.of(Webhooks.extension()).run(database.dataSource());
    HikariConfig config = new HikariConfig();
    config.setPoolName("quickstart");
    config.setJdbcUrl(database.jdbcUrl(role));
    config.setMaximumPoolSize(POOL_SIZE);
    this.pool = new HikariDataSource(config);
  }

  static Database start(boolean keep) {
    Optional<Path> dataDirectory = keep ? Optional.of(newDirectory()) : Optional.empty();
    PostgresServerBuilder builder = PostgresServer.builder().source(Source.EMBEDDED);
    dataDirectory.ifPresent(builder::keep);
    PostgresServer server = builder.start();
    try {
      return new Database(server, dataDirectory);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  DataSource pool() {
    return pool;
  }

  InstallReport report() {
    return report;
  }

  /** The role that the application logs in as. */
  String role() {
    return role;
  }

  String version() {
    try (Connection connection = pool.getConnection()) {
      return connection.getMetaData().getDatabaseProductVersion();
    } catch (SQLException e) {
      throw new QuickstartException("The database doesn't answer: " + e.getMessage(), e);
    }
  }

  int port() {
    return server.port();
  }

  String jdbcUrl() {
    return database.jdbcUrl();
  }

  String psqlCommand() {
    return database.psqlCommand();
  }

  String stopCommand() {
    return server.stopCommand()
        + dataDirectory.map(data -> " && sleep 2 && rm -r " + data.getParent()).orElse("");
  }

  /** Closes the pool; a server that isn't kept is stopped and removed. */
  @Override
  public void close() {
    pool.close();
    server.close();
  }

  private static Path newDirectory() {
    try {
      return Files.createTempDirectory("dovetable-quickstart-").resolve("data");
    } catch (IOException e) {
      throw new QuickstartException("No temporary directory can be made: " + e.getMessage(), e);
    }
  }
}
