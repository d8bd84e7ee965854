package dev.dovetable.schema.server;

import static dev.dovetable.schema.database.TwoAgents.addAgent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.Session;
import dev.dovetable.schema.database.TwoAgents;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows can be read where the objects that they are about are not. */
class ReplicationTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A regclass and its kin are read by looking a name up, which a subscriber doesn't have. */
  @Test
  void noStoredColumnResolvesNames() throws SQLException {
    var visits = AgentsOf.visits("001_create_visits.sql");
    try (PostgresDatabase database = PostgresServer.shared().createDatabase(TwoAgents.class);
        Session session = new Session(database.dataSource())) {
      assertThat(AgentMigrations.of(visits).run(database.dataSource()).failures()).isEmpty();
      assertThat(
              session.column(
                  """
                  select format('%s.%I %s', a.attrelid::regclass, a.attname, format_type(y.oid, null))
                  from pg_attribute a
                  join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
                  join pg_namespace n on n.oid = c.relnamespace
                  join pg_type t on t.oid = a.atttypid
                  join pg_type y on y.oid = case when t.typelem <> 0 then t.typelem else t.oid end
                  where n.nspname in ('public', 'crm_private') and a.attnum > 0 and not a.attisdropped
                    and y.typname like 'reg%' and y.typnamespace = 'pg_catalog'::regnamespace
                  """))
          .isEmpty();
    }
  }

  @Test
  void aSubscriberFollowsWhoMakesAndDeletesAgents() throws Exception {
    // Its databases go with it: one with a subscription can't be dropped.
    try (PostgresServer server = PostgresServer.builder().setting("wal_level", "logical").start()) {
      PostgresDatabase database = server.createDatabase(TwoAgents.class);
      PostgresDatabase other = server.createDatabase();
      CrmSchema.create().install(other.dataSource());
      try (Session publisher = new Session(database.dataSource());
          Session subscriber = new Session(other.dataSource())) {
        publisher.execute(
            "create publication crm for table users, agents, crm_private.agent_tables,"
                + " crm_private.agent_versions");
        // Within one server, making the slot would wait for this very transaction.
        publisher.execute("select pg_create_logical_replication_slot('crm', 'pgoutput')");
        subscriber.execute(
            "create subscription crm connection 'host=%s port=%d dbname=%s user=%s' publication crm"
                    .formatted(
                        server.host(), server.port(), database.name(), server.administrator())
                + " with (create_slot = false, slot_name = 'crm')");
        String agents =
            "select a.agent_prefix || ' ' || t.customers from agents a"
                + " join crm_private.agent_tables t on t.agent_id = a.id order by a.id";

        addAgent(publisher, "gamma");
        await(
            subscriber,
            agents,
            List.of("alpha alpha_customers", "beta beta_customers", "gamma gamma_customers"));
        publisher.execute("select delete_agent(1)");
        await(subscriber, agents, List.of("beta beta_customers", "gamma gamma_customers"));

        subscriber.execute("alter subscription crm disable");
      }
    }
  }

  private static void await(Session session, String query, List<String> expected) throws Exception {
    long begin = System.nanoTime();
    while (!session.column(query).equals(expected)
        && System.nanoTime() - begin < PATIENCE.toNanos()) {
      Thread.sleep(20);
    }
    assertThat(session.column(query)).isEqualTo(expected);
  }
}
