package dev.dovetable.core;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** One connection, on whose wire round trips are counted. */
abstract class CountedTest extends DatabaseTest {
  static RoundTrips wire;
  static Connection connection;
  static Crm counted;

  @BeforeAll
  static void connect() throws IOException, SQLException {
    wire = new RoundTrips(database.server().port());
    connection = wire.connect(database.name(), login);
    counted = crm(OneConnection.of(connection));
  }

  @AfterAll
  static void disconnect() throws IOException, SQLException {
    connection.close();
    wire.close();
  }

  static int trips(Runnable work) {
    wire.take();
    work.run();
    return wire.take();
  }
}
