package dev.dovetable.core.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.schema.migration.AgentMigrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.BeforeAll;

/** Agents with the tables for webhooks, and business numbers. */
public abstract class WebhookTest extends DatabaseTest {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  protected static Crm receiver;

  /** An agent and the number by which callbacks find it. */
  protected record Business(Agent agent, String phoneNumberId) {
    TenantScope scope() {
      return crm.asAgent(agent.prefix());
    }

    /** What is in the agent's tables, without ids and the customers' own times. */
    List<String> contents() throws SQLException {
      return superuser(
          """
          with person as (
            select c.id, c.name || ' ' || c.phone as label from crm.{p}_customers c
          )
          select 'customer ' || label from person
          union all
          select concat_ws('|', 'message', p.label, m.message, m.direction, m.timestamp, to_jsonb(d) - 'message_id' - 'place' - 'phone_number_id' - 'sent_by')
          from crm.{p}_messages m
          join person p on p.id = m.customer_id
          left join crm.{p}_whatsapp_deliveries d on d.message_id = m.id
          union all
          select concat_ws('|', 'order', p.label, o.notes) from crm.{p}_orders o join person p on p.id = o.customer_id
          union all
          select concat_ws('|', 'delivery', to_jsonb(d) - 'message_id' - 'place' - 'phone_number_id' - 'sent_by') from crm.{p}_whatsapp_deliveries d
          union all
          select 'status ' || to_jsonb(s)::text from crm.{p}_whatsapp_statuses s
          union all
          select concat_ws('|', 'sighting', p.label, to_jsonb(s) - 'customer_id' - 'usual_from' - 'usual_name')
          from crm.{p}_whatsapp_sightings s left join person p on p.id = s.customer_id
          union all
          select concat_ws('|', 'profile', p.label, to_jsonb(f) - 'customer_id')
          from crm.{p}_whatsapp_profiles f join person p on p.id = f.customer_id
          order by 1
          """
              .replace("{p}", agent.prefix()));
    }
  }

  @BeforeAll
  static void prepareWebhooks() {
    prepare();
    receiver = receiver(pool);
  }

  static void prepare() {
    AgentMigrations.builder(Webhooks.extension())
        .schema(Installed.SCHEMA)
        .build()
        .run(database.dataSource())
        .failures()
        .forEach(
            failure -> {
              throw new AssertionError(failure.toString());
            });
  }

  static Crm receiver(javax.sql.DataSource dataSource) {
    return Crm.builder(dataSource).schema(Installed.SCHEMA).withoutWebhookSignatures().build();
  }

  protected static Business newBusiness() {
    Agent agent = newAgent();
    String number = "1045901100" + NUMBERS.incrementAndGet();
    crm.asService()
        .whatsapp()
        .save(
            NewWhatsAppConfig.of(agent.userId().orElseThrow(), "15550199", "https://x.example")
                .phoneNumberId(number));
    return new Business(agent, number);
  }

  /** Whoever has it, active or not. */
  static void giveUp(String number) {
    DSLContext dsl = crm.asService().tenant(newAgent().prefix()).dsl();
    dsl.execute(
        "update crm.whatsapp_configuration set phone_number_id = null where phone_number_id = ?",
        number);
    // Or one of several that an agent has.
    dsl.fetch(
            "select a.agent_prefix from crm.agents a join crm_private.agent_numbers n on n.agent_id = a.id"
                + " where n.phone_number_id = ? and n.released_at is null",
            number)
        .forEach(
            row -> crm.asService().whatsapp().numbers(row.get(0, String.class)).remove(number));
  }

  static void forgetUnrouted() {
    receiver.webhooks().purge(Duration.ZERO);
  }

  static WebhookReport receive(String body) {
    return receiver.webhooks().receive(body.getBytes(UTF_8), null);
  }

  /** The first column, as the superuser sees it. */
  protected static List<String> superuser(String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      return DSL.using(connection, SQLDialect.POSTGRES).resultQuery(sql).fetch(0, String.class);
    }
  }

  static void asSuperuser(String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
