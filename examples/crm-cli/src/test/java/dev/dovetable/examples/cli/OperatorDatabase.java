package dev.dovetable.examples.cli;

import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** A database whose owner is no superuser: the operator who uses the command line. */
final class OperatorDatabase implements AutoCloseable {
  private final PostgresDatabase database;
  private final String operator;

  private OperatorDatabase(PostgresDatabase database) throws SQLException {
    this.database = database;
    this.operator = database.createLogin("operator");
    execute(
        "alter role %1$s createrole; alter database %2$s owner to %1$s"
            .formatted(operator, database.name()));
  }

  static OperatorDatabase empty() throws SQLException {
    return on(PostgresServer.shared());
  }

  static OperatorDatabase on(PostgresServer server) throws SQLException {
    return new OperatorDatabase(server.createDatabase());
  }

  static OperatorDatabase installed() throws SQLException {
    return empty().install();
  }

  OperatorDatabase install() throws SQLException {
    Result.of("install", "--url", url());
    // The roles may be those of another test's database, and another operator's.
    execute("grant authenticated, service_role to " + operator);
    return this;
  }

  /** Agents agt_1 to agt_n, made by admin@crm.example. */
  OperatorDatabase agents(int n) throws SQLException {
    execute(
        """
        insert into users (name, email, role) values ('Admin', 'admin@crm.example', 'admin');
        insert into users (name, email, role)
        select 'User ' || i, i || '@crm.example', 'agent' from generate_series(1, %d) i;
        """
            .formatted(n));
    for (int i = 1; i <= n; i++) {
      execute(
          """
          select create_agent(u.id, 'agt_%1$d', a.id)
          from users u, users a where u.email = '%1$d@crm.example' and a.email = 'admin@crm.example'
          """
              .formatted(i));
    }
    return this;
  }

  String operator() {
    return operator;
  }

  String name() {
    return database.name();
  }

  PostgresServer server() {
    return database.server();
  }

  String url() {
    return "postgresql://%s@%s:%d/%s".formatted(operator, server().host(), server().port(), name());
  }

  /** As a superuser: what a test prepares. */
  void execute(String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  DataSource asOperator() {
    return database.dataSource(operator);
  }

  String string(String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
