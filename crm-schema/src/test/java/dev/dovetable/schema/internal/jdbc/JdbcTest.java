package dev.dovetable.schema.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.install.InstallReport;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A file arrives at the server as it was written, whether or not the driver takes it apart on the
 * way.
 */
@FreshDatabase
class JdbcTest {
  private static final String TEXT =
      """
      -- a comment; with a semicolon, 'a quote and a $$
      create temporary table kept (n serial, value text);
      /* { /* nested; */ ? $1 } */
      insert into kept (value) values
        ('it''s; {fn now()} {d ''2020-01-01''} ? $1'), (E'back\\\\slash \\'; ?'), ($tag$ $$;$$ $tag$);
      create function pg_temp."odd; {name}"() returns text language plpgsql as $body$
      declare
        found jsonb := '{"a": {"b": "?;"}}';
      begin
        if found ? 'a' and found ?| array['b', 'a'] then
          return found #>> '{a,b}';
        end if;
        raise exception 'not reached; {ever}';
      end
      $body$;
      create function pg_temp.atomic(a int) returns int language sql begin atomic select a; select a + 1; end;
      insert into kept (value) select pg_temp."odd; {name}"() || pg_temp.atomic(1);
      do $$ begin raise notice 'a notice'; raise warning 'a warning; {x}?'; end $$
      """;

  @ParameterizedTest
  @ValueSource(strings = {"extended", "extendedForPrepared", "extendedCacheEverything", "simple"})
  void nothingInTheTextIsTaken(String mode, PostgresDatabase database) throws SQLException {
    try (Connection connection = connect(database, mode)) {
      connection.setAutoCommit(false);
      assertThat(Jdbc.runText(connection, TEXT)).containsExactly("a warning; {x}?");

      assertThat(TestDatabase.strings(connection, "select value from kept order by n"))
          .containsExactly(
              "it's; {fn now()} {d '2020-01-01'} ? $1", "back\\slash '; ?", " $$;$$ ", "?;2");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"extended", "simple"})
  void installsInEveryModeOfTheDriver(String mode) throws SQLException {
    try (PostgresDatabase database = PostgresServer.shared().createDatabase();
        Connection connection = connect(database, mode)) {
      CrmSchema schema = CrmSchema.create();

      assertThat(schema.install(connection).outcome()).isEqualTo(InstallReport.Outcome.INSTALLED);
      assertThat(schema.install(connection).outcome())
          .isEqualTo(InstallReport.Outcome.ALREADY_CURRENT);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"extended", "simple"})
  void anErrorInTheMiddleUndoesTheText(String mode, PostgresDatabase database) throws SQLException {
    try (Connection connection = connect(database, mode)) {
      connection.setAutoCommit(false);
      assertThatThrownBy(
              () ->
                  Jdbc.runText(
                      connection, "create table half (n int); select 1 / 0; create table whole ()"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("division by zero")
          .hasMessageNotContaining("create table");
      connection.rollback();
      assertThat(TestDatabase.strings(connection, "select 1 from pg_class where relname = 'half'"))
          .isEmpty();
    }
  }

  private static Connection connect(PostgresDatabase database, String mode) throws SQLException {
    return DriverManager.getConnection(database.jdbcUrl() + "&preferQueryMode=" + mode);
  }
}
