package dev.dovetable.schema.server;

import static dev.dovetable.schema.database.TwoAgents.ADMIN;
import static dev.dovetable.schema.database.TwoAgents.OTHER;
import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static dev.dovetable.schema.database.TwoAgents.SPARE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.Session;
import dev.dovetable.schema.database.TwoAgents;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whoever may create objects in the schema makes some that fit better than those that are meant:
 * whichever were found would run with the rights of the functions' owner. Each one here raises an
 * error.
 */
abstract class ShadowingTest {
  final String shadows;
  PostgresDatabase database;
  Session session;

  ShadowingTest(String shadows) {
    this.shadows = shadows;
  }

  @BeforeEach
  void open() throws SQLException {
    database = PostgresServer.shared().createDatabase(TwoAgents.class);
    // Agents that are made later get it from our functions.
    var visits = AgentsOf.visits("001_create_visits.sql");
    assertThat(AgentMigrations.of(visits).run(database.dataSource()).failures()).isEmpty();
    // Names are found through the paths of our functions, not through the session's own.
    try (Session superuser = new Session(database.dataSource())) {
      superuser.execute(TestDatabase.resource(shadows));
      superuser.execute("alter database " + database.name() + " set search_path = pg_catalog");
    }
    session = new Session(TwoAgents.login(database));
  }

  @AfterEach
  void close() throws SQLException {
    session.close();
    database.close();
  }

  @Test
  void noFunctionFindsOne() throws SQLException {
    for (Runnable actor : List.<Runnable>of(this::service, () -> as(ADMIN))) {
      actor.run();
      succeeds(
          "select * from public.create_agent('%s'::uuid, 'gamma'::varchar, '%s'::uuid)"
              .formatted(SPARE, ADMIN));
      String gamma = session.one("select id from public.agents where user_id = ?", SPARE);
      succeeds("select public.create_agent_tables('gamma', %s::bigint)".formatted(gamma));
      succeeds("select public.create_agent_indexes('gamma')");
      succeeds(
          """
          select * from public.update_agent_details(%s::bigint,
            '{"name": "N", "email": "n@crm.example", "role": "agent"}'::jsonb, '{"user_id": "%s"}'::jsonb)
          """
              .formatted(gamma, SPARE));
      succeeds(
          "select * from public.add_agent_member(%s::bigint, '%s'::uuid)".formatted(gamma, OTHER));
      succeeds("select * from public.get_agent_members(%s::bigint)".formatted(gamma));
      succeeds("select * from public.get_user_agents('%s'::uuid)".formatted(SPARE));
      succeeds(
          "select * from public.remove_agent_member(%s::bigint, '%s'::uuid)"
              .formatted(gamma, OTHER));
      succeeds("select * from public.delete_agent(%s::bigint)".formatted(gamma));
    }
    for (Runnable actor : List.<Runnable>of(this::service, () -> as(OWNER))) {
      actor.run();
      succeeds(
          ("select * from public.create_whatsapp_config('%s'::uuid, '+1'::varchar, 'https://x', 'key',"
                  + " '1'::varchar, '2'::varchar)")
              .formatted(OWNER));
      succeeds("select * from public.update_whatsapp_config('%s'::uuid, '+2')".formatted(OWNER));
      succeeds("select * from public.get_whatsapp_config('%s'::uuid)".formatted(OWNER));
      succeeds("select * from public.delete_whatsapp_config('%s'::uuid)".formatted(OWNER));
      assertThat(session.one("select count(*) from public.alpha_messages")).isEqualTo("1");
      session.execute("insert into public.alpha_orders (customer_id) values (1)");
      session.execute(
          "insert into public.alpha_orders_items (order_id, name, price) values (1, 'x', 3)");
      session.execute("update public.alpha_orders_items set quantity = 3 where true");
      session.execute("delete from public.alpha_orders_items where name = 'x'");
      session.execute("update public.alpha_orders set total_amount = 1 where true");
    }
    service();
    session.execute("update public.agents set user_id = ? where user_id = ?", SPARE, OTHER);
    session.execute("insert into public.agents (agent_prefix, created_by) values ('d', ?)", ADMIN);
    session.execute("delete from public.agents where agent_prefix = 'd'");
    session.execute("select crm_private.outdated_agents()");
    session.backend();
    session.execute("select crm_private.enter_agent('alpha', true)");
  }

  @Test
  void aVersionThatIsTriedOutFindsNone() throws SQLException {
    var visits = AgentsOf.visits("001_create_visits.sql", "002_add_reason.sql");
    // What the version itself compares for agents with rows is the application's.
    assertThat(AgentMigrations.of(visits).plan(database.dataSource()).agents()).hasSize(2);
  }

  void succeeds(String call) throws SQLException {
    SQLException failure = session.failure(call);
    assertThat(failure == null ? "" : failure.getMessage()).as(call).isEmpty();
  }

  void service() {
    try {
      session.service();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  void as(UUID user) {
    try {
      session.as(user);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
