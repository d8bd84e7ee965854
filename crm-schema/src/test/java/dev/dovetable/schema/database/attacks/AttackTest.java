package dev.dovetable.schema.database.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.Contents;
import dev.dovetable.schema.database.Session;
import dev.dovetable.schema.database.TwoAgents;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * What tests of attacks have in common: sessions of a login with the API roles, as an API server
 * has them, and that nothing has changed after each test.
 */
@FreshDatabase(TwoAgents.class)
abstract class AttackTest {
  static PostgresDatabase database;
  static Session superuser;
  static String login;

  /** Logs in with the API roles, as an API server does. */
  Session session;

  Map<String, String> before;

  @BeforeAll
  static void connect(PostgresDatabase fresh) throws SQLException {
    database = fresh;
    superuser = new Session(database.dataSource());
    login = database.createLogin("server", "anon", "authenticated");
    // Supabase's own extensions live in a schema that is on the path; here everybody may write it.
    superuser.execute("create schema evil");
    superuser.execute("grant all on schema evil to public");
  }

  @AfterAll
  static void disconnect() throws SQLException {
    superuser.close();
  }

  @BeforeEach
  void open() throws SQLException {
    before = Contents.of(superuser);
    session = new Session(database.dataSource(login));
  }

  @AfterEach
  void nothingChanged() throws SQLException {
    session.close();
    superuser.execute("drop schema evil cascade");
    superuser.execute("create schema evil");
    superuser.execute("grant all on schema evil to public");
    assertThat(Contents.of(superuser)).isEqualTo(before);
  }

  void assertRefused(String sql, Object... arguments) throws SQLException {
    SQLException failure = session.failure(sql, arguments);
    assertThat((Throwable) failure).as(sql).isNotNull();
    assertThat(failure.getSQLState()).as("%s: %s", sql, failure.getMessage()).isEqualTo("42501");
  }
}
