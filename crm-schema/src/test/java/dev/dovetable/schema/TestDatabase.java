package dev.dovetable.schema;

import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** A fresh, empty database for one test, with what the tests here ask of it again and again. */
final class TestDatabase implements AutoCloseable {
  private final PostgresDatabase database;

  TestDatabase(PostgresDatabase database) {
    this.database = database;
  }

  static TestDatabase create() {
    return new TestDatabase(PostgresServer.shared().createDatabase());
  }

  PostgresDatabase embedded() {
    return database;
  }

  DataSource superuser() {
    return database.dataSource();
  }

  /** A role that owns the database, with the attributes given, but is no superuser. */
  DataSource owner(String prefix, String attributes) throws SQLException {
    String role = database.createLogin(prefix);
    execute("alter role " + role + " " + attributes);
    execute("alter database " + database.name() + " owner to " + role);
    execute("alter schema public owner to " + role);
    return database.dataSource(role);
  }

  void execute(String sql) throws SQLException {
    execute(superuser(), sql);
  }

  static void execute(DataSource dataSource, String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  List<String> strings(String sql) throws SQLException {
    try (Connection connection = superuser().getConnection()) {
      return strings(connection, sql);
    }
  }

  static List<String> strings(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }

  String string(String sql) throws SQLException {
    return strings(sql).get(0);
  }

  /** The text of a file beside the tests. */
  static String resource(String name) {
    try (InputStream in = TestDatabase.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  CatalogSnapshot snapshot() throws SQLException {
    return CatalogSnapshot.of(superuser());
  }

  @Override
  public void close() {
    database.close();
  }
}
