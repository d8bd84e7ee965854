package dev.dovetable.schema.database;

import static dev.dovetable.schema.database.TwoAgents.ADMIN;
import static dev.dovetable.schema.database.TwoAgents.OTHER;
import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static dev.dovetable.schema.database.TwoAgents.SPARE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose a phone_number_id is: one agent's, active or paused, whatever the door. */
@FreshDatabase(TwoAgents.class)
class NumbersTest {

  private static final String NUMBER = "104590110000110";

  /** Each way of writing a number into a user's configuration. */
  private enum Door {
    CREATE("select success from create_whatsapp_config('%s', '+1', 'https://x', null, null, '%s')"),
    UPDATE_FUNCTION("select success from update_whatsapp_config('%s', phone_number_id => '%s')"),
    UPDATE("update whatsapp_configuration set phone_number_id = '%2$s' where user_id = '%1$s'"),
    INSERT(
        "insert into whatsapp_configuration (user_id, whatsapp_number, webhook_url, phone_number_id)"
            + " values ('%s', '+1', 'https://x', '%s')"),
    UPSERT(
        "insert into whatsapp_configuration (user_id, whatsapp_number, webhook_url, phone_number_id)"
            + " values ('%s', '+1', 'https://x', '%s')"
            + " on conflict (user_id) do update set phone_number_id = excluded.phone_number_id");

    private final String sql;

    Door(String sql) {
      this.sql = sql;
    }

    String sql(UUID user, String number) {
      return sql.formatted(user, number);
    }

    boolean isFunction() {
      return this == CREATE || this == UPDATE_FUNCTION;
    }

    /** Whether it wants a user who has no configuration yet. */
    boolean isForNewcomers() {
      return this == INSERT;
    }
  }

  private static DataSource login;
  private static Session superuser;
  private Session session;

  @BeforeAll
  static void connect(PostgresDatabase database) throws SQLException {
    superuser = new Session(database.dataSource());
    login = TwoAgents.login(database);
  }

  @AfterAll
  static void disconnect() throws SQLException {
    superuser.close();
  }

  @BeforeEach
  void open() throws SQLException {
    session = new Session(login);
    superuser.execute("delete from crm_private.agent_numbers where true");
    superuser.execute("delete from whatsapp_configuration where user_id = ?", SPARE);
    superuser.execute(
        "update whatsapp_configuration set phone_number_id = null, is_active = true where true");
    session.as(OWNER);
    assertThat(session.one(Door.CREATE.sql(OWNER, NUMBER))).isEqualTo("t");
  }

  @AfterEach
  void close() throws SQLException {
    session.close();
  }

  private List<String> holders() throws SQLException {
    return superuser.column(
        "select user_id from whatsapp_configuration where phone_number_id = ? order by 1", NUMBER);
  }

  /** Answers or raises; the number stays whose it is. */
  private void assertRefused(Door door, UUID user) throws SQLException {
    if (door.isFunction()) {
      List<String> answer =
          session
              .rows(door.sql(user, NUMBER).replace("select success", "select success, message"))
              .get(0);
      assertThat(answer.get(0)).as("%s", door).isEqualTo("f");
      assertThat(answer.get(1))
          .contains("phone_number_id", "update_whatsapp_config", "move_agent_number")
          .doesNotContain(NUMBER, OWNER.toString(), "alpha");
    } else {
      SQLException failure = session.failure(door.sql(user, NUMBER));
      assertThat((Throwable) failure).as("%s", door).isNotNull();
      assertThat(failure.getSQLState()).as(failure.getMessage()).isEqualTo("23505");
      assertThat(failure.getMessage())
          .contains("another agent's", "update_whatsapp_config", "move_agent_number")
          .doesNotContain(NUMBER);
    }
    assertThat(holders()).containsExactly(OWNER.toString());
  }

  @ParameterizedTest
  @EnumSource
  void nobodyTakesAnothersNumber(Door door) throws SQLException {
    UUID thief = door.isForNewcomers() || door == Door.CREATE ? SPARE : OTHER;
    for (boolean active : new boolean[] {true, false}) {
      superuser.execute(
          "update whatsapp_configuration set is_active = ? where user_id = ?", active, OWNER);
      session.as(thief);
      assertRefused(door, thief);
      // Not even by accident: a form in which users write their number is saved by the service.
      session.service();
      assertRefused(door, thief);
      session.as(ADMIN);
      assertRefused(door, thief);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofTwoAtOnceOneGetsIt(Door door, PostgresDatabase database) throws Exception {
    superuser.execute("update whatsapp_configuration set phone_number_id = null where true");
    UUID second = door.isForNewcomers() || door == Door.CREATE ? SPARE : OTHER;
    Door firsts = door.isForNewcomers() ? Door.UPDATE : door;
    session.as(OWNER).begin();
    session.execute(firsts.sql(OWNER, NUMBER));
    try (Session rival = new Session(login)) {
      rival.as(second);
      int pid = rival.pid();
      CompletableFuture<String> outcome = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                try {
                  outcome.complete(
                      door.isFunction()
                          ? rival.one(door.sql(second, NUMBER))
                          : rival.sqlState(door.sql(second, NUMBER)));
                } catch (SQLException e) {
                  outcome.completeExceptionally(e);
                }
              });
      thread.start();
      database.awaitLockWait(wait -> wait.processId() == pid);
      session.commit();
      assertThat(outcome.get(2, TimeUnit.MINUTES)).isEqualTo(door.isFunction() ? "f" : "23505");
    }
    assertThat(holders()).containsExactly(OWNER.toString());
  }

  @ParameterizedTest
  @EnumSource(names = {"OWNER", "ADMIN", "SERVICE"})
  void whoMayGivesItUpAndItIsFree(Actor actor) throws SQLException {
    actor.enter(session);
    assertThat(
            session.one(
                "select success from update_whatsapp_config(?, phone_number_id => '')", OWNER))
        .isEqualTo("t");
    assertThat(holders()).isEmpty();
    session.as(OTHER);
    assertThat(session.one(Door.UPDATE_FUNCTION.sql(OTHER, NUMBER))).isEqualTo("t");
    assertThat(holders()).containsExactly(OTHER.toString());
  }

  @Test
  void onesOwnNumberIsSavedAgainAndNoNumberIsNobodys() throws SQLException {
    session.as(OWNER);
    for (Door door : Door.values()) {
      if (!door.isForNewcomers()) {
        session.execute(door.sql(OWNER, NUMBER));
        assertThat(holders()).as("%s", door).containsExactly(OWNER.toString());
      }
    }
    for (UUID user : List.of(OWNER, OTHER)) {
      session.as(user);
      session.execute(
          "update whatsapp_configuration set phone_number_id = '' where user_id = ?", user);
    }
    assertThat(superuser.column("select phone_number_id from whatsapp_configuration"))
        .hasSize(2)
        .containsOnlyNulls();
  }

  @Test
  void sinceWhenAnAgentHasANumberIsRemembered() throws SQLException {
    String known =
        "select agent_id, since between ?::timestamptz and clock_timestamp()"
            + " from crm_private.agent_numbers where phone_number_id = ?";
    String begin = superuser.one("select clock_timestamp()");
    assertThat(superuser.rows(known, begin, NUMBER)).containsExactly(Arrays.asList("1", null));
    // Its agent gets another user, and then the number goes to another agent.
    session.as(ADMIN);
    session.execute("update agents set user_id = ? where id = 1", SPARE);
    session.execute("update agents set user_id = ? where id = 1", OWNER);
    assertThat(superuser.rows(known, begin, NUMBER)).containsExactly(Arrays.asList("1", null));
    session.execute("select update_whatsapp_config(?, phone_number_id => '')", OWNER);
    session.execute("select update_whatsapp_config(?, phone_number_id => ?)", OTHER, NUMBER);
    assertThat(superuser.rows(known, begin, NUMBER)).containsExactly(List.of("2", "t"));
    // It stays that agent's, whoever its user is.
    session.execute("update agents set user_id = null where id = 2");
    session.execute("update agents set user_id = ? where id = 1", OTHER);
    assertThat(superuser.rows(known, begin, NUMBER)).containsExactly(List.of("2", "t"));
    superuser.execute("update agents set user_id = null where id = 1");
    superuser.execute("update agents set user_id = ? where id = 1", OWNER);
    superuser.execute("update agents set user_id = ? where id = 2", OTHER);
  }

  @Test
  void aNumberOfAUserWithoutAgentIsRememberedAndFollowsTheUsersId() throws SQLException {
    String known =
        "select user_id, agent_id, since is null from crm_private.agent_numbers"
            + " where phone_number_id = ?";
    session.service();
    for (Door door : List.of(Door.INSERT, Door.UPDATE_FUNCTION)) {
      session.execute(door.sql(SPARE, "9"));
      assertThat(superuser.rows(known, "9"))
          .containsExactly(Arrays.asList(SPARE.toString(), null, "t"));
    }
    UUID other = UUID.randomUUID();
    superuser.execute("select crm_private.replace_user_id(?, ?)", SPARE, other);
    assertThat(superuser.rows(known, "9"))
        .containsExactly(Arrays.asList(other.toString(), null, "t"));
    superuser.execute("select crm_private.replace_user_id(?, ?)", other, SPARE);
    superuser.execute("select crm_private.replace_user_id(?, ?)", OWNER, other);
    assertThat(superuser.rows(known, NUMBER)).containsExactly(List.of(other.toString(), "1", "t"));
    superuser.execute("select crm_private.replace_user_id(?, ?)", other, OWNER);
    superuser.execute("update whatsapp_configuration set phone_number_id = null where true");
    session.execute(Door.UPDATE_FUNCTION.sql(OTHER, "9"));
    assertThat(superuser.rows(known, "9")).containsExactly(List.of(OTHER.toString(), "2", "f"));
  }
}
