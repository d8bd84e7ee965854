package dev.dovetable.examples.benchmarks.server;

import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import dev.dovetable.testkit.server.PostgresServer.Source;
import dev.dovetable.testkit.server.PostgresServerBuilder;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/** A PostgreSQL that keeps what it has committed, as in production. */
public final class BenchmarkServer implements AutoCloseable {

  /** Of postgresql.conf; everything else is as PostgreSQL comes. */
  public static final Map<String, String> SETTINGS =
      Map.of(
          "fsync", "on",
          "synchronous_commit", "on",
          "full_page_writes", "on",
          "shared_buffers", "2GB",
          "max_wal_size", "8GB",
          "checkpoint_timeout", "15min");

  private final PostgresServer server;

  private BenchmarkServer(PostgresServer server) {
    this.server = server;
  }

  public static BenchmarkServer start() {
    PostgresServerBuilder builder = PostgresServer.builder().source(Source.EMBEDDED);
    SETTINGS.forEach(builder::setting);
    BenchmarkServer server = new BenchmarkServer(builder.start());
    try {
      server.requireDurability();
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** A database with the schema in it, for one row. */
  public BenchmarkDatabase database() {
    return new BenchmarkDatabase(server.createDatabase());
  }

  public String show(String parameter) {
    try (PostgresDatabase database = server.createDatabase();
        Connection connection = database.dataSource().getConnection()) {
      return Sql.text(connection, "show " + parameter);
    } catch (SQLException e) {
      throw new BenchmarkException("The server doesn't answer: " + e.getMessage(), e);
    }
  }

  /** What starts an embedded server may switch it off, in favour of tests. */
  private void requireDurability() {
    for (String parameter : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
      if (!show(parameter).equals("on")) {
        throw new BenchmarkException("The server runs with " + parameter + " off.");
      }
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
