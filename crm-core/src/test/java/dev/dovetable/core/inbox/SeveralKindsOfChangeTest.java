package dev.dovetable.core.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements that insert and change messages, and triggers of the host's within a statement. */
class SeveralKindsOfChangeTest extends InboxTest {
  private int ada;
  private int known;

  @BeforeEach
  void store() {
    ada = newCustomer("Ada");
    known = message(ada, "inbound", "2026-11-01 10:00:00");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        insert into {p}_messages (id, customer_id, message, direction, timestamp)
        values ({known}, {ada}, 'x', 'inbound', '2026-11-01 10:00:30'),
          (1000000, {ada}, 'x', 'inbound', '2026-11-01 10:01:00')
        on conflict (id) do update set timestamp = excluded.timestamp
        """,
        """
        merge into {p}_messages m
        using (values ({known}, timestamp '2026-11-01 10:00:30'), (1000000, '2026-11-01 10:01:00')) as v (id, at)
        on m.id = v.id
        when matched then update set timestamp = v.at
        when not matched then insert (id, customer_id, message, direction, timestamp)
          values (v.id, {ada}, 'x', 'inbound', v.at)
        """,
        """
        with d as (delete from {p}_messages where id = {known} returning *)
        insert into {p}_messages (customer_id, message, direction, timestamp)
        select customer_id, 'x', direction, timestamp + n * interval '1 minute' from d, generate_series(1, 2) n
        """,
        """
        with u as (update {p}_messages set timestamp = timestamp + interval '1 second' where id = {known} returning *)
        insert into {p}_messages (customer_id, message, direction, timestamp)
        select customer_id, 'x', direction, timestamp + interval '1 minute' from u
        """,
        // The first of them answers behind a later one, so it is computed, with the second one.
        """
        with a as (
          insert into {p}_messages (customer_id, message, direction, timestamp)
          values ({ada}, 'x', 'outbound', '2026-11-01 09:00:00'), ({ada}, 'x', 'inbound', '2026-11-01 09:30:00')
        )
        insert into {p}_messages (customer_id, message, direction, timestamp)
        values ({ada}, 'x', 'inbound', '2026-11-01 09:00:30')
        """,
        // To a customer of the same statement, who has no conversation yet.
        """
        with k as (insert into {p}_customers (agent_id, name, phone) values ({agent}, 'Bo', '1') returning id),
        u as (update {p}_messages set customer_id = k.id from k where {p}_messages.id = {known} returning 1)
        insert into {p}_messages (customer_id, message, direction, timestamp)
        select id, 'x', 'inbound', timestamp '2026-11-01 10:00:00' from k
        """,
      })
  void areCountedOnce(String statement) throws SQLException {
    shop.dsl()
        .execute(
            sql(statement)
                .replace("{known}", "" + known)
                .replace("{ada}", "" + ada)
                .replace("{agent}", "" + agent.id()));
    assertThat(differences()).isEmpty();
    message(ada, "inbound", "2026-11-01 10:02:00");
    assertThat(differences()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update {p}_messages set timestamp = date_trunc('second', timestamp) where id = new.id",
        "delete from {p}_messages where id = new.id",
      })
  void aTriggerOfTheHostChangesWhatWasJustStored(String statement) throws SQLException {
    asSuperuser(
        "create function crm.tidy() returns trigger language plpgsql as $$ begin "
            + statement
            + "; return null; end $$");
    try {
      asSuperuser(
          "create trigger tidy after insert on {p}_messages for each row execute function crm.tidy()");
      message(ada, "inbound", "2026-11-01 10:00:01.5");
      message(ada, "outbound", "2026-11-01 10:00:02.5");
      assertThat(differences()).isEmpty();
    } finally {
      asSuperuser("drop function crm.tidy() cascade");
    }
  }

  @Test
  void anUpdateAheadOfAnInsertInOneTransactionIsNoneOfThese() throws SQLException {
    shop.transaction(
        tx -> {
          tx.dsl().execute(sql("delete from {p}_messages where id = ?"), known);
          message(tx, ada, "inbound", "2026-11-01 10:00:01");
          return message(tx, ada, "inbound", "2026-11-01 10:00:02");
        });
    assertThat(state(ada).unread()).isEqualTo(2);
    assertThat(differences()).isEmpty();
  }
}
