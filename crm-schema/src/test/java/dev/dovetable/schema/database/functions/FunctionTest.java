package dev.dovetable.schema.database.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.dovetable.schema.database.Contents;
import dev.dovetable.schema.database.Session;
import dev.dovetable.schema.database.TwoAgents;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** What tests of the functions have in common: each runs in a transaction that is rolled back. */
@FreshDatabase(TwoAgents.class)
abstract class FunctionTest {
  static Session owner;
  static Session session;
  static Map<String, String> before;

  @BeforeAll
  static void connect(PostgresDatabase database) throws SQLException {
    owner = new Session(database.dataSource());
    session = new Session(TwoAgents.login(database));
    before = Contents.of(owner);
  }

  @AfterAll
  static void disconnect() throws SQLException {
    session.close();
    owner.close();
  }

  @BeforeEach
  void begin() throws SQLException {
    session.service().begin();
  }

  @AfterEach
  void rollback() throws SQLException {
    session.rollback();
    assertThat(Contents.of(owner)).isEqualTo(before);
  }

  /** The function answers false with a message, without an agent, and has changed nothing. */
  static String refused(String call, Object... arguments) throws SQLException {
    List<List<String>> rows =
        session.rows("select success, message, r::text from " + call + " r", arguments);
    assertThat(rows).as(call).hasSize(1);
    assertThat(rows.get(0).get(0)).as(call).isEqualTo("f");
    assertThat(rows.get(0).get(1)).as(call).isNotBlank();
    session.commit();
    assertThat(Contents.of(owner)).as(call).isEqualTo(before);
    session.begin();
    return rows.get(0).get(1);
  }
}
