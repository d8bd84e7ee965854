package dev.dovetable.core;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A host's connection, in a transaction of the host's, and two agents' scopes on it. */
abstract class HostTest extends DatabaseTest {
  static RoundTrips wire;
  static Connection connection;
  static Crm joining;

  TenantScope coffee;
  TenantScope bikes;
  Customer customer;

  @BeforeAll
  static void connect() throws IOException, SQLException {
    wire = new RoundTrips(database.server().port());
    connection = wire.connect(database.name(), login);
    connection.createStatement().execute("create temp table host_notes (note text)");
    joining =
        Crm.builder(DSL.using(connection, SQLDialect.POSTGRES)).schema(Installed.SCHEMA).build();
  }

  @AfterAll
  static void disconnect() throws IOException, SQLException {
    connection.close();
    wire.close();
  }

  @BeforeEach
  void begin() throws SQLException {
    coffee = joining.tenant(newAgent().prefix());
    bikes = joining.tenant(newAgent().prefix());
    customer = coffee.customers().create(new NewCustomer("Ada", "15550100"));
    bikes.agentId();
    connection.setAutoCommit(false);
    run("insert into host_notes values ('begun')");
    wire.take();
  }

  @AfterEach
  void end() throws SQLException {
    if (!connection.getAutoCommit()) {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  static int trips(Runnable work) {
    wire.take();
    work.run();
    return wire.take();
  }

  static String identity() throws SQLException {
    return value(
        "select current_setting('role') || ',' ||"
            + " coalesce(current_setting('request.jwt.claims', true), '') || ',' || current_user");
  }

  static String value(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  static void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
