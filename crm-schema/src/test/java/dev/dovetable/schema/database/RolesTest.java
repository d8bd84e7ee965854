package dev.dovetable.schema.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each actor against each table and each function: what is not granted changes and shows nothing.
 */
@FreshDatabase(TwoAgents.class)
class RolesTest {

  private static final List<String> AGENT_TABLES =
      List.of("customers", "messages", "orders", "orders_items");

  private static final Map<Actor, Session> sessions = new EnumMap<>(Actor.class);
  private static Session superuser;

  @BeforeAll
  static void enter(PostgresDatabase database) throws SQLException {
    superuser = new Session(database.dataSource());
    for (Actor actor : Actor.values()) {
      String login =
          database.createLogin(actor.name().toLowerCase(Locale.ROOT), actor.memberships());
      Session session = new Session(database.dataSource(login));
      actor.enter(session);
      sessions.put(actor, session);
    }
  }

  @AfterAll
  static void leave() throws SQLException {
    for (Session session : sessions.values()) {
      session.close();
    }
    superuser.close();
  }

  private record Attempt(String sql, Predicate<Actor> allowed) {}

  @TestFactory
  Stream<DynamicTest> tables() {
    Map<String, Predicate<Actor>> attempts = new LinkedHashMap<>();
    Predicate<Actor> service = actor -> actor == Actor.SERVICE;
    Predicate<Actor> nobody = actor -> false;
    Predicate<Actor> adminOrService = service.or(actor -> actor == Actor.ADMIN);
    Predicate<Actor> anyUser = service.or(Actor::isAuthenticated);
    Predicate<Actor> alpha = adminOrService.or(Actor.OWNERS::contains);
    Predicate<Actor> beta = adminOrService.or(actor -> actor == Actor.OTHER);

    attempts.put("select id, email, role from users", anyUser);
    attempts.put("insert into users (name, email, role) values ('x', 'x@x', 'agent')", service);
    attempts.put("update users set role = 'admin' where true", service);
    attempts.put("update users set name = 'x' where true", service);
    attempts.put("delete from users where name = 'Sven'", service);
    attempts.put("select * from agents", anyUser);
    attempts.put(
        "insert into agents (agent_prefix, user_id, created_by) values ('gamma', '%s', '%s')"
            .formatted(TwoAgents.SPARE, TwoAgents.ADMIN),
        adminOrService);
    attempts.put("update agents set user_id = user_id where id = 1", alpha);
    attempts.put("update agents set user_id = user_id where id = 2", beta);
    attempts.put(
        "update agents set user_id = '%s' where id = 1".formatted(TwoAgents.SPARE), adminOrService);
    attempts.put("update agents set created_at = now() where id = 1", nobody);
    attempts.put("delete from agents where id = 1", alpha);
    attempts.put("delete from agents where id = 2", beta);
    attempts.put("select id, user_id, is_active from whatsapp_configuration", anyUser);
    attempts.put("select api_key from whatsapp_configuration", service);
    attempts.put("select verify_token from whatsapp_configuration", service);
    attempts.put("select * from whatsapp_configuration", service);
    attempts.put("select to_jsonb(w) from whatsapp_configuration w", service);
    attempts.put("select id from whatsapp_configuration where api_key like 's%'", service);
    attempts.put("select id from whatsapp_configuration order by verify_token", service);
    attempts.put(
        "update whatsapp_configuration set webhook_url = api_key where user_id is not null",
        service);
    attempts.put(
        "update whatsapp_configuration set is_active = true where true returning api_key", service);
    attempts.put(
        "insert into whatsapp_configuration (user_id, whatsapp_number, webhook_url)"
            + " values ('%s', '1', 'x')".formatted(TwoAgents.SPARE),
        adminOrService.or(actor -> actor == Actor.SPARE_WITH_FORGED_ROLES));
    attempts.put(
        "update whatsapp_configuration set api_key = 'x' where user_id = '%s'"
            .formatted(TwoAgents.OWNER),
        alpha);
    attempts.put(
        "delete from whatsapp_configuration where user_id = '%s'".formatted(TwoAgents.OTHER), beta);
    for (String base : List.of("users", "agents", "whatsapp_configuration")) {
      attempts.put("truncate " + base + " cascade", nobody);
    }
    for (String sequence : List.of("agents", "whatsapp_configuration")) {
      attempts.put("select setval('" + sequence + "_id_seq', 1)", nobody);
    }
    for (String table : AGENT_TABLES) {
      onAgentTable(attempts, "alpha", table, alpha);
      onAgentTable(attempts, "beta", table, beta);
    }
    return attempts.entrySet().stream()
        .map(e -> dynamicTest(e.getKey(), () -> tryAll(new Attempt(e.getKey(), e.getValue()))));
  }

  private static void onAgentTable(
      Map<String, Predicate<Actor>> attempts,
      String prefix,
      String table,
      Predicate<Actor> allowed) {
    String name = prefix + "_" + table;
    String insert =
        switch (table) {
          case "customers" ->
              "(agent_id, name, phone) values (%s, 'x', '1')"
                  .formatted(prefix.equals("alpha") ? 1 : 2);
          case "messages" -> "(customer_id, message, direction) values (1, 'x', 'inbound')";
          case "orders" -> "(customer_id) values (1)";
          default -> "(order_id, name, price) values (1, 'x', 1)";
        };
    attempts.put("select * from " + name, allowed);
    attempts.put("insert into " + name + " " + insert, allowed);
    attempts.put("update " + name + " set id = id where true", allowed);
    attempts.put("delete from " + name, allowed);
    attempts.put("select id from " + name + " for update", allowed);
    attempts.put("truncate " + name + " cascade", actor -> false);
    attempts.put("select setval('" + name + "_id_seq', 1)", actor -> false);
    attempts.put("select last_value from " + name + "_id_seq", actor -> false);
    attempts.put(
        "select nextval('" + name + "_id_seq'), currval('" + name + "_id_seq')",
        actor -> actor.isAuthenticated() || Actor.BACKENDS.contains(actor));
  }

  @TestFactory
  Stream<DynamicTest> functions() {
    Predicate<Actor> backends = Actor.BACKENDS::contains;
    Predicate<Actor> admins = backends.or(actor -> actor == Actor.ADMIN);
    Predicate<Actor> alpha = admins.or(Actor.OWNERS::contains);
    String owner = TwoAgents.OWNER.toString();
    Map<String, Predicate<Actor>> attempts = new LinkedHashMap<>();
    attempts.put(
        "select from create_agent('%s', 'gamma', '%s') where success"
            .formatted(TwoAgents.SPARE, TwoAgents.ADMIN),
        admins);
    attempts.put("select create_agent_tables('alpha', 1)", admins);
    attempts.put("select create_agent_indexes('alpha')", admins);
    attempts.put("select drop_agent_tables('alpha')", admins);
    attempts.put("select from delete_agent(1) where success", alpha);
    attempts.put("select from update_agent_details(1, '{\"name\": \"New\"}') where success", alpha);
    attempts.put(
        "select from update_agent_details(1, '{\"role\": \"admin\"}') where success", admins);
    attempts.put(
        "select from update_agent_details(1, '{\"email\": \"new@x\"}') where success", admins);
    attempts.put(
        "select from update_agent_details(1, '{}', '{\"user_id\": \"%s\"}') where success"
            .formatted(TwoAgents.SPARE),
        admins);
    attempts.put(
        "select from update_agent_details(1, '{\"name\": \"New\"}', '{}', '%s') where success"
            .formatted(owner),
        backends.or(Actor.OWNERS::contains));
    attempts.put(
        "select from update_agent_details(1, '{\"role\": \"admin\"}', '{}', '%s') where success"
            .formatted(TwoAgents.ADMIN),
        admins);
    // Whoever names somebody acts as that user.
    attempts.put(
        "select from update_agent_details(1, '{\"role\": \"admin\"}', '{}', '%s') where success"
            .formatted(owner),
        actor -> false);
    attempts.put(
        "select from update_agent_details(1, '{\"name\": \"New\"}', '{}', '%s') where success"
            .formatted(TwoAgents.OTHER),
        actor -> false);
    attempts.put(
        "select from create_whatsapp_config('%s', '2', 'x') where success".formatted(owner), alpha);
    attempts.put(
        "select config from get_whatsapp_config('%s') where success".formatted(owner), alpha);
    attempts.put(
        "select from update_whatsapp_config('%s', api_key => 'x') where success".formatted(owner),
        alpha);
    attempts.put("select from delete_whatsapp_config('%s') where success".formatted(owner), alpha);
    return attempts.entrySet().stream()
        .map(e -> dynamicTest(e.getKey(), () -> tryAll(new Attempt(e.getKey(), e.getValue()))));
  }

  /**
   * What is allowed must succeed, and is undone; what isn't, is committed: it must change nothing.
   */
  private static void tryAll(Attempt attempt) throws SQLException {
    Map<String, String> before = Contents.of(superuser);
    for (Actor actor : Actor.values()) {
      Session session = sessions.get(actor).begin();
      SQLException failure = null;
      int rows = 0;
      try {
        rows = session.execute(attempt.sql());
      } catch (SQLException e) {
        failure = e;
      }
      if (attempt.allowed().test(actor)) {
        session.rollback();
        assertThat((Throwable) failure).as("%s: %s", actor, attempt.sql()).isNull();
        assertThat(rows).as("%s: %s", actor, attempt.sql()).isPositive();
      } else {
        session.commit();
        assertThat(rows).as("rows of %s: %s", actor, attempt.sql()).isZero();
        if (failure != null) {
          assertThat(failure.getSQLState())
              .as("%s: %s: %s", actor, attempt.sql(), failure.getMessage())
              .isIn("42501", "22P02", "23000");
        }
      }
    }
    assertThat(Contents.of(superuser)).as(attempt.sql()).isEqualTo(before);
  }
}
