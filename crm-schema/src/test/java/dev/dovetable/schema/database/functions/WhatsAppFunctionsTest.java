package dev.dovetable.schema.database.functions;

import static dev.dovetable.schema.database.TwoAgents.ADMIN;
import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static dev.dovetable.schema.database.TwoAgents.SPARE;
import static dev.dovetable.schema.database.TwoAgents.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.Clients;
import dev.dovetable.schema.database.Contents;
import dev.dovetable.schema.database.Session;
import dev.dovetable.schema.database.TwoAgents;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The four functions on WhatsApp configurations. */
@FreshDatabase(TwoAgents.class)
class WhatsAppFunctionsTest {

  private static DataSource login;
  private static Session owner;
  private static Session session;
  private static Map<String, String> before;

  @BeforeAll
  static void connect(PostgresDatabase database) throws SQLException {
    owner = new Session(database.dataSource());
    login = TwoAgents.login(database);
    session = new Session(login);
    before = Contents.of(owner);
  }

  @AfterAll
  static void disconnect() throws SQLException {
    session.close();
    owner.close();
  }

  @BeforeEach
  void begin() throws SQLException {
    session.as(SPARE).begin();
  }

  @AfterEach
  void rollback() throws SQLException {
    session.rollback();
    assertThat(Contents.of(owner)).isEqualTo(before);
  }

  private static String refused(String call, Object... arguments) throws SQLException {
    List<List<String>> rows = session.rows("select success, message from " + call, arguments);
    assertThat(rows).as(call).hasSize(1);
    assertThat(rows.get(0).get(0)).as(call).isEqualTo("f");
    assertThat(rows.get(0).get(1)).as(call).isNotBlank();
    return rows.get(0).get(1);
  }

  private static String config(String field) throws SQLException {
    return session.one("select config ->> ? from get_whatsapp_config(?)", field, SPARE);
  }

  private static void create() throws SQLException {
    assertThat(
            session.one(
                "select config ->> 'webhook_url' from create_whatsapp_config(?, '+1', 'https://x', 'key', 'b', 'p')"
                    + " where success",
                SPARE))
        .isEqualTo("https://x");
  }

  @Test
  void createdConfigurationIsRead() throws SQLException {
    create();
    assertThat(
            List.of(
                config("whatsapp_number"),
                config("webhook_url"),
                config("api_key"),
                config("business_account_id"),
                config("phone_number_id"),
                config("is_active")))
        .containsExactly("+1", "https://x", "key", "b", "p", "true");
    session.as(ADMIN);
    assertThat(config("api_key")).isEqualTo("key");
    session.service();
    assertThat(config("api_key")).isEqualTo("key");
  }

  @Test
  void creationOverAnExistingOneReplacesAndReactivatesIt() throws SQLException {
    create();
    String id = config("id");
    session.execute("select update_whatsapp_config(?, verify_token => 'v')", SPARE);
    session.execute("select delete_whatsapp_config(?)", SPARE);
    assertThat(
            session.one("select success from create_whatsapp_config(?, '+2', 'https://y')", SPARE))
        .isEqualTo("t");
    assertThat(
            List.of(
                config("id"),
                config("whatsapp_number"),
                config("webhook_url"),
                config("is_active")))
        .containsExactly(id, "+2", "https://y", "true");
    assertThat(config("api_key")).isEqualTo("key");
    assertThat(config("phone_number_id")).isEqualTo("p");
    assertThat(config("verify_token")).isEqualTo("v");
  }

  @Test
  void onlyAnActiveOneIsRead() throws SQLException {
    assertThat(refused("get_whatsapp_config(?)", SPARE)).contains(SPARE.toString());
    create();
    assertThat(session.one("select success from delete_whatsapp_config(?)", SPARE)).isEqualTo("t");
    refused("get_whatsapp_config(?)", SPARE);
    assertThat(session.one("select config from get_whatsapp_config(?)", SPARE)).isNull();
    refused("delete_whatsapp_config(?)", SPARE);
    assertThat(session.one("select count(*) from whatsapp_configuration where user_id = ?", SPARE))
        .isEqualTo("1");
    assertThat(
            session.one("select success from update_whatsapp_config(?, is_active => true)", SPARE))
        .isEqualTo("t");
    assertThat(config("api_key")).isEqualTo("key");
    session.execute("update whatsapp_configuration set is_active = null where user_id = ?", SPARE);
    refused("get_whatsapp_config(?)", SPARE);
  }

  @ParameterizedTest
  @CsvSource({
    "whatsapp_number, +9",
    "webhook_url, https://z",
    "api_key, new",
    "business_account_id, B",
    "phone_number_id, P",
    "verify_token, V"
  })
  void oneFieldIsChangedAndTheOthersStay(String field, String value) throws SQLException {
    create();
    String row =
        "select to_jsonb(w) - ? - 'updated_at' from get_whatsapp_config(?), jsonb_to_record(config)"
            + " as w (id int, user_id uuid, whatsapp_number text, webhook_url text, api_key text,"
            + " business_account_id text, phone_number_id text, is_active boolean, verify_token text)";
    String others = session.one(row, field, SPARE);
    assertThat(
            session.one(
                "select config ->> ? from update_whatsapp_config(user_id => ?, " + field + " => ?)",
                field,
                SPARE,
                value))
        .isEqualTo(value);
    assertThat(config(field)).isEqualTo(value);
    assertThat(session.one(row, field, SPARE)).isEqualTo(others);
  }

  @Test
  void nullLeavesAFieldAsItIs() throws SQLException {
    create();
    assertThat(session.one("select success from update_whatsapp_config(?)", SPARE)).isEqualTo("t");
    assertThat(config("api_key")).isEqualTo("key");
    assertThat(
            session.one(
                "select config ->> 'is_active' from update_whatsapp_config(?, is_active => false)",
                SPARE))
        .isEqualTo("false");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          null, 'x'                                    | ""
          '',   'x'                                    | whatsapp_number
          ' ',  'x'                                    | whatsapp_number
          '1',  ''                                     | webhook_url
          '1',  ' '                                    | webhook_url
          repeat('1', 21), 'x'                         | 20
          '1',  'x', null, repeat('1', 101)            | 100
          '1',  repeat('x', 2001)                      | 2000
          '1',  'x', repeat('1', 4001)                 | 4000
          '1',  'x', null, null, repeat('1', 101)      | 100
          """)
  void creationIsRefused(String values, String named) throws SQLException {
    assertThat(refused("create_whatsapp_config(?, " + values + ")", SPARE)).contains(named);
    assertThat(config("webhook_url")).isNull();
  }

  @Test
  void changeOfWhatIsNotThereIsRefused() throws SQLException {
    refused("update_whatsapp_config(?, '1')", SPARE);
    assertThat(config("webhook_url")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          ''                                                  | whatsapp_number
          webhook_url => ' ', api_key => 'x'                  | webhook_url
          phone_number_id => repeat('1', 101), api_key => 'x' | 100
          webhook_url => repeat('x', 2001), api_key => 'x'    | 2000
          verify_token => repeat('x', 1001), api_key => 'x'   | 1000
          api_key => repeat('x', 4001)                        | 4000
          """)
  void changeIsRefused(String values, String named) throws SQLException {
    create();
    assertThat(refused("update_whatsapp_config(?, " + values + ")", SPARE)).contains(named);
    assertThat(
            List.of(
                config("whatsapp_number"),
                config("webhook_url"),
                config("phone_number_id"),
                config("api_key")))
        .containsExactly("+1", "https://x", "p", "key");
  }

  @Test
  void serviceIsToldOfAnUnknownUser() throws SQLException {
    session.service();
    assertThat(refused("create_whatsapp_config(?, '1', 'x')", STRANGER))
        .contains(STRANGER.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create_whatsapp_config(null, '1', 'x')",
        "update_whatsapp_config(null, '1')",
        "get_whatsapp_config(null)",
        "delete_whatsapp_config(null)"
      })
  void serviceNamesAUser(String call) throws SQLException {
    session.service();
    refused(call);
  }

  @Test
  void strangerWithoutARowInUsersIsToldSo() throws SQLException {
    session.as(STRANGER);
    assertThat(refused("create_whatsapp_config(?, '1', 'x')", STRANGER)).contains("users");
    refused("get_whatsapp_config(?)", STRANGER);
  }

  @Test
  void eightClientsCreateOneConfiguration() throws Exception {
    assertThat(
            Clients.run(
                8,
                login,
                (client, number) -> {
                  client.as(OWNER);
                  for (int i = 0; i < 5; i++) {
                    assertThat(
                            client.one(
                                "select success from create_whatsapp_config(?, ?, 'x', 'k')",
                                OWNER,
                                "+" + number))
                        .isEqualTo("t");
                  }
                }))
        .isEmpty();
    assertThat(owner.one("select count(*) from whatsapp_configuration where user_id = ?", OWNER))
        .isEqualTo("1");
    before = Contents.of(owner);
  }
}
