package dev.dovetable.core.changes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.customers.NewCustomer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against a stand-in of Supabase's Realtime. */
class BroadcastTest extends FeedTest {

  @BeforeAll
  static void makeRealtime() {
    asSuperuser(
        """
        create schema realtime;
        grant usage on schema realtime to authenticated;
        create table realtime.messages (topic text, extension text, payload jsonb, event text, private boolean);
        alter table realtime.messages enable row level security;
        grant select on realtime.messages to authenticated;
        create function realtime.topic() returns text language sql stable
          as $$ select nullif(current_setting('realtime.topic', true), '') $$;
        create function realtime.send(payload jsonb, event text, topic text, private boolean default true) returns void
        language plpgsql as $$
        begin
          if payload ->> 'operation' = 'DELETE' then
            raise exception 'no';
          end if;
          insert into realtime.messages values (topic, 'broadcast', payload, event, private);
        end $$;
        """);
    broadcast(true);
  }

  private static void broadcast(boolean isOn) {
    asSuperuser(
        "begin; set local search_path = crm_private, crm, pg_temp; select broadcast_changes("
            + isOn
            + "); commit");
  }

  @Test
  void goesToTheAgentsPrivateChannel() throws SQLException {
    Agent agent = newAgent();
    int customer =
        crm.asAgent(agent.prefix()).customers().create(new NewCustomer("Ada", "461")).id();

    List<String> sent =
        superuser("select to_jsonb(m)::text from realtime.messages m where event = 'customers'");
    assertThat(sent)
        .singleElement()
        .satisfies(
            message ->
                assertThat(message)
                    .contains("\"topic\": \"agent:" + agent.id() + "\"", "\"private\": true")
                    .contains("\"customer_ids\": [" + customer + "]")
                    .doesNotContain("Ada"));
    assertThat(heard(agent.userId().orElseThrow(), "agent:" + agent.id())).isPositive();
    assertThat(heard(newAgent().userId().orElseThrow(), "agent:" + agent.id())).isZero();
    assertThat(heard(agent.userId().orElseThrow(), "agent:1 or true")).isZero();
    assertThat(heard(agent.userId().orElseThrow(), "room")).isZero();
  }

  /** What a user who joins a channel may hear, as Realtime asks it. */
  private static int heard(UUID user, String topic) throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      var dsl = DSL.using(connection, SQLDialect.POSTGRES);
      dsl.fetch(
          "select set_config('request.jwt.claims', ?, true), set_config('realtime.topic', ?, true),"
              + " set_config('role', 'authenticated', true)",
          "{\"sub\":\"" + user + "\"}",
          topic);
      int heard = dsl.fetchCount(DSL.table("realtime.messages"));
      connection.rollback();
      return heard;
    }
  }

  @Test
  void whatFailsThereIsNoConcernOfTheWriter() {
    Agent agent = newAgent();
    var shop = crm.asAgent(agent.prefix());
    int customer = shop.customers().create(new NewCustomer("Ada", "462")).id();
    ChangeCursor start = shop.changes().now();

    shop.customers().delete(customer);

    assertThat(since(shop.changes(), start))
        .extracting(Change::operation)
        .contains(ChangeOperation.DELETE);
  }

  @Test
  void canBeSwitchedOff() {
    broadcast(false);
    assertThat(
            superuser(
                "select polname from pg_policy where polrelid = 'realtime.messages'::regclass"))
        .isEmpty();
    long before = Long.parseLong(superuser("select count(*) from realtime.messages").get(0));
    crm.asAgent(newAgent().prefix()).customers().create(new NewCustomer("Cy", "464"));
    assertThat(superuser("select count(*) from realtime.messages"))
        .containsExactly(Long.toString(before));
    broadcast(true);
  }
}
