package dev.dovetable.core.inbox;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** An agent with the tables of the inbox, for each test. */
abstract class InboxTest extends DatabaseTest {
  Agent agent;
  TenantScope shop;

  @BeforeAll
  static void prepare() {
    run(Webhooks.extension(), Inbox.extension());
  }

  static void run(AgentExtension... extensions) {
    AgentMigrations.builder(extensions)
        .schema(Installed.SCHEMA)
        .build()
        .run(database.dataSource())
        .failures()
        .forEach(
            failure -> {
              throw new AssertionError(failure.toString());
            });
  }

  @BeforeEach
  void makeAgent() {
    agent = newAgent();
    shop = crm.asAgent(agent.prefix());
  }

  static Crm receiver(javax.sql.DataSource dataSource) {
    return Crm.builder(dataSource).schema(Installed.SCHEMA).withoutWebhookSignatures().build();
  }

  int newCustomer(String name) {
    return shop.customers().create(new NewCustomer(name, name)).id();
  }

  /** SQL about the agent's tables, in which {p} is the prefix. */
  String sql(String text) {
    return text.replace("{p}", "crm." + agent.prefix());
  }

  /** Stores a message as the agent's user does by SQL; its id. */
  int message(int customerId, String direction, String time) {
    return message(shop, customerId, direction, time);
  }

  int message(TenantScope scope, int customerId, String direction, String time) {
    return scope
        .dsl()
        .fetchSingle(
            sql(
                "insert into {p}_messages (customer_id, message, direction, timestamp)"
                    + " values (?, 'x', ?, ?::timestamp) returning id"),
            customerId,
            direction,
            time)
        .get(0, Integer.class);
  }

  ConversationState state(int customerId) {
    return shop.inbox().find(customerId).orElseThrow();
  }

  /** What of the state differs from what an oracle makes of the messages, a line each. */
  List<String> differences() throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = database.dataSource().getConnection()) {
      StateOracle oracle =
          StateOracle.read(DSL.using(connection, SQLDialect.POSTGRES), agent.prefix());
      found.addAll(oracle.differences());
    }
    return found;
  }

  void asSuperuser(String text) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql(text));
    }
  }

  Optional<String> superuser(String text) throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      return Optional.ofNullable(
          DSL.using(connection, SQLDialect.POSTGRES)
              .resultQuery(sql(text))
              .fetchSingle()
              .get(0, String.class));
    }
  }
}
