package dev.dovetable.schema.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** users follows Supabase's auth.users, and e-mails go back. */
@FreshDatabase(WithAuthService.class)
class AuthSyncTest {

  private static Session owner;
  private static Session auth;

  @BeforeAll
  static void connect(PostgresDatabase database) throws SQLException {
    owner = new Session(database.dataSource());
    // As Supabase's auth service: it owns its schema, and has no rights on users or in crm_private.
    String service = database.createLogin("auth_admin");
    owner.execute("alter schema auth owner to " + service);
    owner.execute("alter table auth.users owner to " + service);
    owner.execute("alter role " + service + " set search_path = auth");
    auth = new Session(database.dataSource(service));
  }

  @AfterAll
  static void disconnect() throws SQLException {
    auth.close();
    owner.close();
  }

  @BeforeEach
  void begin() throws SQLException {
    auth.begin();
  }

  @AfterEach
  void rollback() throws SQLException {
    auth.rollback();
    owner.execute("delete from auth.users where true");
    owner.execute("delete from users where true");
    owner.execute("delete from auth.updates where true");
  }

  private static UUID signUp(String email, String app, String user) throws SQLException {
    UUID id = UUID.randomUUID();
    auth.execute(
        "insert into users (id, email, raw_app_meta_data, raw_user_meta_data) values (?, ?, ?::jsonb, ?::jsonb)",
        id,
        email,
        app,
        user);
    auth.commit();
    auth.begin();
    return id;
  }

  private static void change(UUID id, String assignment) throws SQLException {
    auth.execute("update users set " + assignment + " where id = ?", id);
    auth.commit();
    auth.begin();
  }

  private static List<String> user(UUID id) throws SQLException {
    List<List<String>> rows =
        owner.rows("select name, email, role from public.users where id = ?", id);
    return rows.isEmpty() ? List.of() : rows.get(0);
  }

  @Test
  void signUpMakesAUser() throws SQLException {
    assertThat(auth.sqlState("select * from public.users")).isEqualTo("42501");
    assertThat(user(signUp("ann@x.example", "{}", "{\"name\": \"Ann\"}")))
        .containsExactly("Ann", "ann@x.example", "agent");
    assertThat(user(signUp("bob@x.example", null, null)))
        .containsExactly("bob", "bob@x.example", "agent");
    assertThat(user(signUp("c@x.example", "{}", "{\"full_name\": \"Cy Full\"}")).get(0))
        .isEqualTo("Cy Full");
    assertThat(user(signUp("d@x.example", "{}", "{\"name\": \"\", \"full_name\": \"D\"}")).get(0))
        .isEqualTo("D");
    assertThat(user(signUp("e@x.example", "{}", "{\"name\": null}")).get(0)).isEqualTo("e");
  }

  @Test
  void metadataOfAnyShapeDoesNotStopASignUp() throws SQLException {
    for (String json :
        Arrays.asList(
            null,
            "null",
            "[]",
            "\"x\"",
            "1",
            "{\"name\": {\"a\": 1}}",
            "{\"name\": 7}",
            "{\"role\": [1]}")) {
      assertThat(user(signUp(UUID.randomUUID() + "@x.example", json, json)))
          .as("%s", json)
          .hasSize(3);
    }
    assertThat(user(signUp("@x.example", null, null))).hasSize(3);
    assertThat(user(signUp("no at sign", null, null)))
        .containsExactly("no at sign", "no at sign", "agent");
  }

  @Test
  void longNamesAreCutOff() throws SQLException {
    String name = "ö".repeat(300);
    assertThat(user(signUp("long@x.example", "{}", "{\"name\": \"" + name + "\"}")).get(0))
        .isEqualTo("ö".repeat(255));
    UUID id = signUp("l".repeat(244) + "@x.example", null, null);
    assertThat(user(id).get(1)).hasSize(254);
    change(id, "raw_user_meta_data = jsonb_build_object('name', repeat('n', 1000))");
    assertThat(user(id).get(0)).hasSize(255);
  }

  @Test
  void roleComesFromAppMetadataOnly() throws SQLException {
    assertThat(user(signUp("a@x.example", "{\"role\": \"admin\"}", "{}")).get(2))
        .isEqualTo("admin");
    assertThat(user(signUp("b@x.example", "{}", "{\"role\": \"admin\"}")).get(2))
        .isEqualTo("agent");
    assertThat(user(signUp("c@x.example", "{\"role\": \"root\"}", "{}")).get(2)).isEqualTo("agent");
    UUID id = signUp("d@x.example", "{}", "{}");
    change(id, "raw_user_meta_data = '{\"role\": \"admin\", \"is_admin\": true}', role = 'admin'");
    assertThat(user(id).get(2)).isEqualTo("agent");
    change(id, "raw_app_meta_data = '{\"role\": \"admin\"}'");
    assertThat(user(id).get(2)).isEqualTo("admin");
    change(id, "raw_app_meta_data = '{}'");
    assertThat(user(id).get(2)).isEqualTo("agent");
  }

  @Test
  void roleAndNameGivenHereStayWhileAuthDoesNotChangeThem() throws SQLException {
    UUID id = signUp("a@x.example", "{\"provider\": \"email\"}", "{\"name\": \"Auth\"}");
    owner.execute("update users set role = 'admin', name = 'Own' where id = ?", id);
    change(id, "last_sign_in_at = now()");
    change(id, "raw_app_meta_data = '{\"provider\": \"google\"}'");
    change(id, "email = 'b@x.example'");
    change(id, "raw_user_meta_data = '{\"name\": \"Auth\"}'");
    assertThat(user(id)).containsExactly("Own", "b@x.example", "admin");
    change(id, "raw_user_meta_data = '{\"name\": \"New\"}'");
    assertThat(user(id)).containsExactly("New", "b@x.example", "admin");
    change(id, "raw_user_meta_data = '{\"name\": \"\", \"full_name\": \"Full\"}'");
    assertThat(user(id).get(0)).isEqualTo("Full");
    change(id, "raw_user_meta_data = '{}'");
    assertThat(user(id).get(0)).isEqualTo("Full");
  }

  @Test
  void usersWithoutAnEmailSignUpAndGetARowWithIt() throws SQLException {
    UUID phone = UUID.randomUUID();
    auth.execute("insert into users (id, phone) values (?, '+49')", phone);
    UUID anonymous = UUID.randomUUID();
    auth.execute("insert into users (id, email, is_anonymous) values (?, '', true)", anonymous);
    auth.commit();
    auth.begin();
    assertThat(user(phone)).isEmpty();
    assertThat(user(anonymous)).isEmpty();
    change(phone, "email = 'phone@x.example'");
    change(anonymous, "email = 'anon@x.example', raw_user_meta_data = '{\"name\": \"A\"}'");
    assertThat(user(phone)).containsExactly("phone", "phone@x.example", "agent");
    assertThat(user(anonymous)).containsExactly("A", "anon@x.example", "agent");
    // Who loses the e-mail keeps the row.
    change(phone, "email = null");
    assertThat(user(phone)).hasSize(3);
  }

  @Test
  void emailHeldUnderAnotherIdDoesNotStopASignUp() throws SQLException {
    owner.execute(
        "insert into users (name, email, role) values ('Held', 'held@x.example', 'agent')");
    UUID id = signUp("held@x.example", "{}", "{}");
    assertThat(user(id)).isEmpty();
    assertThat(owner.one("select name from users where email = 'held@x.example'"))
        .isEqualTo("Held");
    UUID other = signUp("other@x.example", "{\"role\": \"agent\"}", "{}");
    auth.execute("delete from users where id = ?", id);
    change(other, "email = 'held@x.example'");
    assertThat(user(other).get(1)).isEqualTo("other@x.example");
    change(other, "email = 'free@x.example'");
    assertThat(user(other).get(1)).isEqualTo("free@x.example");
  }

  @Test
  void ssoUsersWithTheSameEmailSignUp() throws SQLException {
    UUID first = signUp("same@x.example", "{}", "{}");
    UUID second = UUID.randomUUID();
    auth.execute(
        "insert into users (id, email, is_sso_user) values (?, 'same@x.example', true)", second);
    auth.commit();
    auth.begin();
    assertThat(user(first)).hasSize(3);
    assertThat(user(second)).isEmpty();
  }

  @Test
  void changedEmailGoesBackToAuthOnce() throws SQLException {
    UUID id = signUp("a@x.example", "{}", "{}");
    owner.execute("update users set email = 'new@x.example' where id = ?", id);
    assertThat(owner.one("select email from auth.users where id = ?", id))
        .isEqualTo("new@x.example");
    assertThat(user(id).get(1)).isEqualTo("new@x.example");
    assertThat(owner.column("select email from auth.updates")).containsExactly("new@x.example");
    change(id, "email = 'back@x.example'");
    assertThat(user(id).get(1)).isEqualTo("back@x.example");
    assertThat(owner.column("select email from auth.updates")).hasSize(2);
    owner.execute("update users set name = 'x', email = email where id = ?", id);
    assertThat(owner.column("select email from auth.updates")).hasSize(2);
  }

  @Test
  void changedEmailOfAnAgentsUserGoesBackThroughTheFunction() throws SQLException {
    UUID admin = signUp("admin@x.example", "{\"role\": \"admin\"}", "{}");
    UUID id = signUp("a@x.example", "{}", "{}");
    String agent = owner.one("select agent ->> 'id' from create_agent(?, 'gamma', ?)", id, admin);
    try {
      assertThat(
              owner.one(
                  "select success from update_agent_details(?::bigint, '{\"email\": \"fn@x.example\"}')",
                  agent))
          .isEqualTo("t");
      assertThat(owner.one("select email from auth.users where id = ?", id))
          .isEqualTo("fn@x.example");
      // An e-mail that only auth knows must not be taken.
      owner.execute(
          "insert into auth.users (id, email) values (gen_random_uuid(), 'taken@x.example')");
      owner.execute("delete from users where email = 'taken@x.example'");
      String state =
          owner.sqlState(
              "select 1 / success::int from update_agent_details(?::bigint, '{\"email\": \"taken@x.example\"}')",
              agent);
      assertThat(state).isEqualTo("23505");
      assertThat(user(id).get(1)).isEqualTo("fn@x.example");
    } finally {
      owner.execute("delete from agents where true");
    }
  }

  /** Everybody may change their own user metadata, and so have the trigger run. */
  @Test
  void whoWasRemovedDoesNotComeBack() throws SQLException {
    UUID id = signUp("a@x.example", "{\"role\": \"admin\"}", "{}");
    assertThat(user(id).get(2)).isEqualTo("admin");
    owner.execute("delete from users where id = ?", id);
    change(id, "raw_user_meta_data = '{\"name\": \"Back\"}'");
    change(id, "email = 'b@x.example'");
    change(id, "raw_app_meta_data = '{\"role\": \"admin\", \"x\": 1}'");
    assertThat(user(id)).isEmpty();
    // Where an address appears for the first time, there is a row, but no admin.
    UUID phone = UUID.randomUUID();
    auth.execute(
        "insert into users (id, phone, raw_app_meta_data) values (?, '+49', '{\"role\":"
            + " \"admin\"}')",
        phone);
    auth.commit();
    auth.begin();
    change(phone, "email = 'phone@x.example'");
    assertThat(user(phone)).containsExactly("phone", "phone@x.example", "agent");
  }

  @Test
  void whoWasRemovedDoesNotComeBackByAnAddressThatWasGone() throws SQLException {
    UUID id = signUp("eve@x.example", "{}", "{}");
    UUID late = signUp("late@x.example", "{}", "{}");
    owner.execute("delete from users where id = ?", id);
    change(late, "email = null");
    owner.execute("delete from users where id = ?", late);
    for (UUID removed : List.of(id, late)) {
      change(removed, "email = null");
      change(removed, "email = 'eve@x.example'");
      assertThat(user(removed)).isEmpty();
      change(removed, "email = null");
    }
    // A backend may have them back, and then the account is followed as ever.
    owner.execute("insert into users values (?, 'Eve', 'eve@x.example', 'agent')", id);
    change(id, "email = 'new@x.example'");
    assertThat(user(id)).containsExactly("Eve", "new@x.example", "agent");
    assertThat(owner.column("select id from crm_private.removed_users where id = ?", id)).isEmpty();
  }
}
