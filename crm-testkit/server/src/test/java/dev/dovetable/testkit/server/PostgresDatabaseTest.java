package dev.dovetable.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class PostgresDatabaseTest {

  private final PostgresServer server = PostgresServer.shared();

  @Test
  void sessionRunsInAnotherZoneThanTheJvm() throws SQLException {
    try (PostgresDatabase database = server.createDatabase()) {
      assertThat(Query.column(database.dataSource(), "show timezone"))
          .containsExactly(server.timeZone())
          .doesNotContain(TimeZone.getDefault().getID());
    }
  }

  @Test
  void loginIsAMemberAndNothingMore() throws SQLException {
    try (PostgresDatabase database = server.createDatabase()) {
      String group = database.createLogin("team");
      String login = database.createLogin("app", group);
      DataSource app = database.dataSource(login);
      assertThat(Query.column(app, "select session_user")).containsExactly(login);
      assertThat(Query.column(app, "select pg_has_role('" + group + "', 'member')"))
          .containsExactly("t");
      assertThat(
              Query.column(
                  app,
                  "select rolname from pg_roles where rolname = session_user"
                      + " and not (rolsuper or rolcreaterole or rolcreatedb or rolbypassrls)"))
          .containsExactly(login);
    }
  }

  @Test
  void closingDropsDatabaseAndLoginsWhateverTheyOwnAndUse() throws SQLException {
    PostgresDatabase database = server.createDatabase();
    String login = database.createLogin("owner");
    Query.column(database.dataSource(), "alter database " + database.name() + " owner to " + login);
    Query.column(database.dataSource(login), "create schema mine; create table mine.t ()");
    try (Connection inUse = database.dataSource(login).getConnection()) {
      assertThat(inUse.isValid(1)).isTrue();
      database.close();
    }
    assertThat(Query.databases(server)).doesNotContain(database.name());
    assertThat(Query.column(server.administratorOf("postgres"), "select rolname from pg_roles"))
        .doesNotContain(login);
    database.close();
  }

  @Test
  void jdbcUrlNeedsNothingElse() throws SQLException {
    try (PostgresDatabase database = server.createDatabase();
        Connection connection = DriverManager.getConnection(database.jdbcUrl())) {
      assertThat(connection.getCatalog()).isEqualTo(database.name());
    }
  }

  @Test
  void preparerRunsOnceHoweverManyAskAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Callable<PostgresDatabase> task = () -> server.createDatabase(Counted.class);
      List<PostgresDatabase> databases = new ArrayList<>();
      for (Future<PostgresDatabase> made : threads.invokeAll(List.of(task, task, task, task))) {
        databases.add(made.get());
      }
      assertThat(Counted.RUNS).hasValue(1);
      Query.column(databases.get(0).dataSource(), "insert into visit values (2)");
      for (PostgresDatabase database : databases.subList(1, 4)) {
        assertThat(Query.column(database.dataSource(), "select n from visit")).containsExactly("1");
      }
      databases.forEach(PostgresDatabase::close);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void failingPreparerIsNamedAndLeavesNothing() throws SQLException {
    try (PostgresServer own = PostgresServer.builder().start()) {
      assertThatThrownBy(() -> own.createDatabase(Broken.class))
          .isInstanceOf(PostgresServerException.class)
          .hasMessageContaining("Broken")
          .hasMessageContaining("division by zero")
          .hasCauseInstanceOf(SQLException.class);
      assertThat(Query.databases(own))
          .containsExactlyInAnyOrder("postgres", "template0", "template1");
    }
  }

  static class Counted implements DatabasePreparer {
    static final AtomicInteger RUNS = new AtomicInteger();

    @Override
    @SuppressWarnings("resource") // Left open on purpose: the template must be free all the same.
    public void prepare(DataSource superuser) throws SQLException {
      RUNS.incrementAndGet();
      superuser
          .getConnection()
          .createStatement()
          .execute("create table visit (n int); insert into visit values (1)");
    }
  }

  static class Broken implements DatabasePreparer {
    @Override
    public void prepare(DataSource superuser) throws SQLException {
      Query.column(superuser, "select 1 / 0");
    }
  }
}
