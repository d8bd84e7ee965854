package dev.dovetable.schema.database;

import static dev.dovetable.schema.database.TwoAgents.ADMIN;
import static dev.dovetable.schema.database.TwoAgents.SPARE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables, names, foreign keys and triggers of the application that shares the schema. */
class HostObjectsTest {

  private PostgresDatabase database;
  private Session owner;
  private Session session;

  @BeforeEach
  void open() throws SQLException {
    database = PostgresServer.shared().createDatabase(TwoAgents.class);
    owner = new Session(database.dataSource());
    session = new Session(TwoAgents.login(database));
    session.service();
  }

  @AfterEach
  void close() throws SQLException {
    session.close();
    owner.close();
    database.close();
  }

  /** No function adopts or drops what only has the names of agent shop's tables. */
  private void assertShopIsLeftAlone() throws SQLException {
    Map<String, String> before = Contents.of(owner);
    assertThat(session.one("select success from create_agent(?, 'shop', ?)", SPARE, ADMIN))
        .isEqualTo("f");
    assertThat(session.one("select message from create_agent(?, 'shop', ?)", SPARE, ADMIN))
        .contains("shop_");
    assertThat(
            session.sqlState(
                "insert into agents (agent_prefix, user_id, created_by) values ('shop', ?, ?)",
                SPARE,
                ADMIN))
        .isEqualTo("42P07");
    assertThat(session.sqlState("select create_agent_tables('shop', 1)")).isEqualTo("22023");
    assertThat(session.sqlState("select create_agent_indexes('shop')")).isEqualTo("42P01");
    assertThat(session.sqlState("select drop_agent_tables('shop')")).isEqualTo("42809");
    assertThat(Contents.of(owner)).isEqualTo(before);
  }

  @Test
  void ownOrdersOfTheHostAreLeftAlone() throws SQLException {
    owner.execute("create table shop_orders (id int primary key, total numeric)");
    owner.execute("insert into shop_orders values (1, 5)");
    assertShopIsLeftAlone();
  }

  @Test
  void hostTablesThatReferenceAgentsAreLeftAlone() throws SQLException {
    owner.execute(
        "create table shop_customers (id serial primary key,"
            + " agent_id bigint not null references agents on delete cascade,"
            + " name text not null, phone text not null, created_at timestamp,"
            + " constraint shop_customers_agent_id_check check (agent_id > 0))");
    owner.execute(
        "create table shop_orders (id serial primary key, customer_id int references shop_customers)");
    owner.execute("insert into shop_customers (agent_id, name, phone) values (1, 'x', '1')");
    owner.execute("insert into shop_orders (customer_id) values (1)");
    assertShopIsLeftAlone();
  }

  @Test
  void everyNameThatTheTablesNeedMustBeFree() throws SQLException {
    for (String taken :
        List.of(
            "create table shop_messages ()",
            "create view shop_orders_items as select 1 as x",
            "create materialized view shop_customers as select 1 as x",
            "create sequence shop_orders_id_seq",
            "create type shop_messages as enum ('x')",
            "create domain shop_customers as int",
            "create type shop_orders as (x int)",
            "create index shop_customers_phone_idx on users (name)",
            "create index shop_orders_items_order_id_idx on users (name)",
            "create index shop_messages_customer_id_timestamp_idx on users (name)",
            "create table shop_customers_pkey ()",
            "create foreign data wrapper w; create server s foreign data wrapper w;"
                + " create foreign table shop_orders (x int) server s",
            "create table shop_orders (x int) partition by list (x)")) {
      owner.begin();
      owner.execute(taken);
      owner.commit();
      assertShopIsLeftAlone();
      String kind = taken.replaceFirst("create (materialized view|\\S+).*", "$1");
      if (taken.contains("foreign table")) {
        owner.execute("drop foreign data wrapper w cascade");
      } else {
        owner.execute("drop " + kind + " " + taken.replaceFirst(".*?(shop_\\S+).*", "$1"));
      }
    }
    assertThat(session.one("select success from create_agent(?, 'shop', ?)", SPARE, ADMIN))
        .isEqualTo("t");
  }

  @Test
  void namesInOtherSchemasDoNotMatter() throws SQLException {
    owner.execute("create schema other");
    owner.execute("create table other.shop_orders (id int)");
    owner.execute("create table other.alpha_customers (id int)");
    assertThat(session.one("select success from create_agent(?, 'shop', ?)", SPARE, ADMIN))
        .isEqualTo("t");
    assertThat(session.one("select success from delete_agent(1)")).isEqualTo("t");
    assertThat(owner.one("select to_regclass('other.alpha_customers')")).isNotNull();
  }

  @Test
  void tablesThatReplaceAnAgentsDroppedOnesAreTheHosts() throws SQLException {
    owner.execute("select drop_agent_tables('alpha')");
    owner.execute("create table alpha_orders (id int)");
    owner.execute(
        "create table alpha_customers (id int, agent_id bigint references agents on delete cascade)");
    owner.execute("insert into alpha_customers values (7, 2)");
    assertThat(session.sqlState("select create_agent_tables('alpha', 1)")).isEqualTo("42P07");
    assertThat(session.one("select success from delete_agent(1)")).isEqualTo("t");
    assertThat(owner.one("select id from alpha_customers")).isEqualTo("7");
    assertThat(owner.one("select to_regclass('alpha_orders')")).isNotNull();
    // Its foreign key still works.
    session.one("select delete_agent(2)");
    assertThat(owner.one("select id from alpha_customers")).isNull();
  }

  @Test
  void foreignKeyOfTheHostCascades() throws SQLException {
    owner.execute("create table notes (agent_id bigint references agents on delete cascade)");
    owner.execute("create table tasks (agent_id bigint references agents on delete set null)");
    owner.execute("insert into notes values (1), (2)");
    owner.execute("insert into tasks values (1), (2)");
    assertThat(session.one("select success from delete_agent(1)")).isEqualTo("t");
    assertThat(owner.column("select agent_id from notes")).containsExactly("2");
    assertThat(owner.column("select agent_id from tasks order by 1")).containsExactly("2", null);
    session.execute("delete from agents where id = 2");
    assertThat(owner.column("select agent_id from notes")).isEmpty();
  }

  @Test
  void foreignKeyOfTheHostForbids() throws SQLException {
    for (String action :
        List.of("restrict", "no action", "no action deferrable initially deferred")) {
      owner.execute(
          "create table notes (agent_id bigint references agents on delete " + action + ")");
      owner.execute("insert into notes values (1)");
      Map<String, String> before = Contents.of(owner);
      for (String deletion : List.of("select delete_agent(1)", "delete from agents where id = 1")) {
        assertThat(session.sqlState(deletion)).as(action).isIn("23001", "23503");
        assertThat(Contents.of(owner)).as("%s, %s", deletion, action).isEqualTo(before);
      }
      owner.execute("drop table notes");
    }
  }

  @Test
  void foreignKeyOfAnotherSchemaCounts() throws SQLException {
    owner.execute("create schema other");
    owner.execute(
        "create table other.beta_customers (agent_id bigint references agents on delete restrict)");
    owner.execute("insert into other.beta_customers values (1)");
    assertThat(session.sqlState("select delete_agent(1)")).isIn("23001", "23503");
    assertThat(owner.one("select count(*) from alpha_customers")).isEqualTo("1");
  }

  @Test
  void triggersOfTheHostFire() throws SQLException {
    owner.execute("create table audit (event text, agent_id bigint)");
    owner.execute(
        "create function audit_agents() returns trigger language plpgsql security definer as $$ begin"
            + " insert into public.audit values (tg_when || ' ' || tg_op, coalesce(new.id, old.id));"
            + " return coalesce(new, old); end $$");
    owner.execute(
        "create trigger host_before before insert or update or delete on agents"
            + " for each row execute function audit_agents()");
    owner.execute(
        "create trigger host_after after insert or update or delete on agents"
            + " for each row execute function audit_agents()");
    assertThat(session.one("select success from delete_agent(1)")).isEqualTo("t");
    session.execute("delete from agents where id = 2");
    assertThat(owner.column("select event || ' ' || agent_id from audit"))
        .containsExactly("BEFORE DELETE 1", "AFTER DELETE 1", "BEFORE DELETE 2", "AFTER DELETE 2");
  }

  @Test
  void triggerOfTheHostThatKeepsTheRowKeepsTheTables() throws SQLException {
    owner.execute(
        "create function keep() returns trigger language plpgsql as 'begin return null; end'");
    owner.execute(
        "create trigger host_keep before delete on agents for each row execute function keep()");
    Map<String, String> before = Contents.of(owner);
    assertThat(session.failure("select delete_agent(1)") == null)
        .as("claims to have deleted it")
        .isFalse();
    assertThat(session.execute("delete from agents where id = 1")).isZero();
    assertThat(Contents.of(owner)).isEqualTo(before);
  }

  @Test
  void whatTheHostHungOnAnAgentsTablesIsNotDropped() throws SQLException {
    for (String dependent :
        List.of(
            "create table notes (customer_id int references alpha_customers)",
            "create view notes as select * from alpha_orders",
            "create materialized view notes as select * from alpha_messages")) {
      owner.execute(dependent);
      Map<String, String> before = Contents.of(owner);
      assertThat(session.sqlState("select delete_agent(1)")).as(dependent).isEqualTo("2BP01");
      assertThat(session.sqlState("delete from agents where id = 1"))
          .as(dependent)
          .isEqualTo("2BP01");
      assertThat(session.sqlState("select drop_agent_tables('alpha')"))
          .as(dependent)
          .isEqualTo("2BP01");
      assertThat(Contents.of(owner)).as(dependent).isEqualTo(before);
      owner.execute(
          "drop " + dependent.replaceFirst("create (materialized view|\\S+).*", "$1") + " notes");
    }
  }

  @Test
  void extrasOnAnAgentsTablesGoWithThem() throws SQLException {
    owner.execute("alter table alpha_customers add column vip boolean default false");
    owner.execute("create index host_idx on alpha_customers (vip)");
    owner.execute(
        "create function host() returns trigger language plpgsql as 'begin return new; end'");
    owner.execute(
        "create trigger host before insert on alpha_orders for each row execute function host()");
    session.execute("select create_agent_tables('alpha', 1)");
    assertThat(session.one("select success from delete_agent(1)")).isEqualTo("t");
    Fleet.assertNothingOrphaned(owner);
  }
}
