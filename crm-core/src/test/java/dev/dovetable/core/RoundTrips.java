package dev.dovetable.core;

import dev.dovetable.testkit.server.WireTap;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/** Counts on the wire how often a client waits for the server. Thread-safe. */
final class RoundTrips implements AutoCloseable {
  private final WireTap tap;
  private final AtomicInteger counted = new AtomicInteger();

  RoundTrips(int serverPort) {
    this.tap = WireTap.open("localhost", serverPort);
    tap.add(
        new WireTap.Listener() {
          @Override
          public void roundTrip() {
            counted.incrementAndGet();
          }
        });
  }

  /** A client's connection, on which nothing is asked for before the log-in. */
  Connection connect(String database, String login) throws SQLException {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setPortNumbers(new int[] {tap.port()});
    dataSource.setDatabaseName(database);
    dataSource.setUser(login);
    dataSource.setSslMode("disable");
    dataSource.setGssEncMode("disable");
    return dataSource.getConnection();
  }

  /** How often a client had to wait since this was last asked. */
  int take() {
    return counted.getAndSet(0);
  }

  @Override
  public void close() {
    tap.close();
  }
}
