package dev.dovetable.schema.database;

import static dev.dovetable.schema.database.TwoAgents.ADMIN;
import static dev.dovetable.schema.database.TwoAgents.OTHER;
import static dev.dovetable.schema.database.TwoAgents.SPARE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of WhatsApp configurations, written without its functions. */
@FreshDatabase(TwoAgents.class)
class WhatsAppConfigurationTest {

  private static Session session;

  @BeforeAll
  static void connect(PostgresDatabase database) throws SQLException {
    session = new Session(TwoAgents.login(database));
  }

  @AfterAll
  static void disconnect() throws SQLException {
    session.close();
  }

  @BeforeEach
  void begin() throws SQLException {
    session.as(SPARE).begin();
  }

  @AfterEach
  void rollback() throws SQLException {
    session.rollback();
  }

  /** What the functions refuse, the table refuses from everybody. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "whatsapp_number = ' '",
        "webhook_url = ''",
        "webhook_url = repeat('x', 2001)",
        "api_key = repeat('x', 4001)",
        "verify_token = repeat('x', 1001)"
      })
  void tableHasTheSameBounds(String change) throws SQLException {
    session.execute(
        "insert into whatsapp_configuration (user_id, whatsapp_number, webhook_url) values (?, '+1', 'x')",
        SPARE);
    for (boolean asService : new boolean[] {false, true}) {
      if (asService) {
        session.service();
      }
      assertThat(
              session.sqlState(
                  "update whatsapp_configuration set " + change + " where user_id = ?", SPARE))
          .isEqualTo("23514");
    }
  }

  /** So that nobody takes the sequence's next value, or was there before everybody else. */
  @ParameterizedTest
  @CsvSource({"id, 999", "created_at, to_timestamp(0)"})
  void nobodySignedInChoosesAnIdOrATime(String column, String value) throws SQLException {
    assertThat(
            session.sqlState(
                "insert into whatsapp_configuration (user_id, whatsapp_number, webhook_url, "
                    + column
                    + ") values (?, '1', 'x', "
                    + value
                    + ")",
                SPARE))
        .isEqualTo("42501");
    assertThat(
            session.sqlState(
                "update whatsapp_configuration set " + column + " = " + value + " where true"))
        .isEqualTo("42501");
    session.as(ADMIN);
    assertThat(
            session.sqlState(
                "insert into agents (agent_prefix, created_by, "
                    + column
                    + ") values ('gamma', ?, "
                    + value
                    + ")",
                ADMIN))
        .isEqualTo("42501");
  }

  @Test
  void aTokenIsLookedUpByAnIndex() throws SQLException {
    session.service();
    session.execute("set local enable_seqscan = off");
    assertThat(
            String.join(
                "\n",
                session.column(
                    "explain select verify_token from whatsapp_configuration"
                        + " where is_active and verify_token = 'x'")))
        .contains("whatsapp_configuration_verify_token_idx");
  }

  @Test
  void updatedAtIsKept() throws SQLException {
    session.service();
    session.execute(
        "update whatsapp_configuration set updated_at = '2001-01-01' where user_id = ?", OTHER);
    assertThat(
            session.one(
                "select updated_at = now() from whatsapp_configuration where user_id = ?", OTHER))
        .isEqualTo("t");
  }
}
