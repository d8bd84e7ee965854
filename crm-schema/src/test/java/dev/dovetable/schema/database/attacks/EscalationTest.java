package dev.dovetable.schema.database.attacks;

import static dev.dovetable.schema.database.TwoAgents.ADMIN;
import static dev.dovetable.schema.database.TwoAgents.OTHER;
import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static dev.dovetable.schema.database.TwoAgents.SPARE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.Actor;
import dev.dovetable.schema.database.Contents;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a signed-in user, or a login without rights, might try in order to get more. */
class EscalationTest extends AttackTest {
  @Test
  void ownRoleStaysWhatItIs() throws SQLException {
    session.as(OWNER);
    assertRefused("update users set role = 'admin' where id = ?", OWNER);
    for (String updates :
        List.of("{\"role\": \"admin\"}", "{\"name\": \"x\", \"role\": \"admin\"}")) {
      assertThat(
              session.rows("select success, agent from update_agent_details(1, ?::jsonb)", updates))
          .containsExactly(Arrays.asList("f", null));
    }
    assertRefused("select * from update_agent_details(1, '{\"role\": \"admin\"}', '{}', ?)", ADMIN);
    assertRefused(
        "insert into users (id, name, email, role) values (?, 'x', 'x@x', 'admin')", OWNER);
  }

  @Test
  void identityOfAnAgentCannotBeChanged() throws SQLException {
    for (UUID user : List.of(OWNER, ADMIN)) {
      session.as(user);
      for (String change :
          List.of(
              "id = 2",
              "id = 99",
              "agent_prefix = 'beta'",
              "agent_prefix = 'gamma'",
              "created_at = now()",
              "created_by = '" + OTHER + "'",
              "created_by = null")) {
        assertRefused("update agents set " + change + " where id = 1");
      }
    }
    // Not even the superuser.
    for (String change :
        List.of("id = 99", "agent_prefix = 'x'", "created_at = now()", "created_at = null")) {
      assertThat(superuser.sqlState("update agents set " + change + " where id = 1"))
          .as(change)
          .isEqualTo("23000");
    }
  }

  @Test
  void agentsCannotBeTakenOver() throws SQLException {
    session.as(OTHER);
    assertThat(session.execute("update agents set user_id = ? where id = 1", OTHER)).isZero();
    assertThat(session.execute("update agents set user_id = ? where agent_prefix = 'alpha'", SPARE))
        .isZero();
    // Nor given away.
    session.as(OWNER);
    assertRefused("update agents set user_id = ? where id = 1", SPARE);
    assertRefused("update agents set user_id = null where id = 1");
    assertThat(
            session.one(
                "select success from update_agent_details(1, '{}', jsonb_build_object('user_id', ?))",
                SPARE.toString()))
        .isEqualTo("f");
    session.as(SPARE);
    assertThat(session.execute("update agents set user_id = ? where true", SPARE)).isZero();
  }

  @Test
  void configurationsCannotBeTakenOver() throws SQLException {
    session.as(OWNER);
    assertRefused("update whatsapp_configuration set user_id = ? where user_id = ?", SPARE, OWNER);
    assertRefused(
        "insert into whatsapp_configuration (user_id, whatsapp_number, webhook_url) values (?, '1', 'x')",
        SPARE);
    assertRefused(
        "insert into whatsapp_configuration (user_id, whatsapp_number, webhook_url) values (?, '1', 'x')"
            + " on conflict (user_id) do update set webhook_url = 'evil'",
        OTHER);
    assertThat(
            session.execute(
                "update whatsapp_configuration set webhook_url = 'evil' where user_id = ?", OTHER))
        .isZero();
    for (String function :
        List.of(
            "create_whatsapp_config('%s', '1', 'evil')",
            "get_whatsapp_config('%s')",
            "update_whatsapp_config('%s', webhook_url => 'evil')",
            "delete_whatsapp_config('%s')")) {
      assertRefused("select * from " + function.formatted(OTHER));
      assertRefused("select * from " + function.replace("'%s'", "null"));
    }
  }

  @Test
  void rowsCannotBeHungOnAnotherAgent() throws SQLException {
    superuser.begin();
    superuser.execute(
        "insert into beta_customers (id, agent_id, name, phone) values (77, 2, 'x', '1')");
    superuser.execute("insert into beta_orders (id, customer_id) values (77, 77)");
    superuser.commit();
    before = Contents.of(superuser);
    session.as(OWNER);
    assertThat(session.sqlState("update alpha_customers set agent_id = 2")).isEqualTo("23514");
    assertThat(
            session.sqlState(
                "insert into alpha_customers (agent_id, name, phone) values (2, 'x', '1')"))
        .isEqualTo("23514");
    assertRefused("insert into beta_customers (agent_id, name, phone) values (2, 'x', '1')");
    assertRefused("insert into beta_customers (agent_id, name, phone) values (1, 'x', '1')");
    for (String sql :
        List.of(
            "update alpha_messages set customer_id = 77",
            "update alpha_orders set customer_id = 77",
            "update alpha_orders_items set order_id = 77",
            "insert into alpha_orders (customer_id) values (77)")) {
      assertThat(session.sqlState(sql)).as(sql).isEqualTo("23503");
    }
    // An order that is not there must not lead to one of another agent.
    assertThat(session.execute("update beta_orders set notes = 'x' where id = 77")).isZero();
    superuser.execute("delete from beta_customers where id = 77");
    before = Contents.of(superuser);
  }

  @Test
  void nothingCanBeMadeInTheSchemas() throws SQLException {
    for (Actor actor : List.of(Actor.ANON, Actor.OWNER, Actor.ADMIN)) {
      actor.enter(session);
      for (String schema : List.of("public", "crm_private", "auth")) {
        assertRefused("create table " + schema + ".loot ()");
        assertRefused("create function " + schema + ".is_admin() returns boolean return true");
        assertRefused("create view " + schema + ".loot as select 1");
      }
      assertRefused("alter table alpha_customers disable row level security");
      assertRefused("drop policy alpha_customers_access on alpha_customers");
      assertRefused("create policy loot on beta_customers using (true)");
      assertRefused(
          "create trigger loot before insert on alpha_customers"
              + " execute function suppress_redundant_updates_trigger()");
      assertRefused("alter function crm_private.is_admin() reset all");
      assertRefused("create rule loot as on select to beta_customers do instead select 1");
    }
  }

  @Test
  void ownTemporaryTablesAreNotMistakenForTheRealOnes() throws SQLException {
    session.as(OWNER);
    session.execute("create temp table users (id uuid, name text, email text, role text)");
    session.execute("insert into users select ?, 'x', 'x', 'admin'", OWNER);
    session.execute(
        "create temp table agents (id bigint, agent_prefix text, user_id uuid, created_by uuid)");
    session.execute(
        "insert into agents values (1, 'alpha', ?, ?), (2, 'beta', ?, ?)",
        OWNER,
        OWNER,
        OWNER,
        OWNER);
    session.execute("create temp table beta_customers (id int, agent_id bigint)");
    session.execute("create temp table whatsapp_configuration (user_id uuid, is_active boolean)");
    tryEverything();
    session.execute(
        "drop table pg_temp.users, pg_temp.agents, pg_temp.beta_customers,"
            + " pg_temp.whatsapp_configuration");
  }

  @Test
  void ownFunctionsAndOperatorsAreNotMistakenForTheRealOnes() throws SQLException {
    session.as(OWNER);
    session.execute("create type evil.role as enum ('admin', 'agent')");
    session.execute("create table evil.users (id uuid, name text, email text, role evil.role)");
    session.execute("insert into evil.users select ?, 'x', 'x', 'admin'", OWNER);
    session.execute("create table evil.agents as select * from public.agents");
    session.execute("update evil.agents set user_id = ? where true", OWNER);
    session.execute(
        "create function evil.is_admin() returns boolean language sql as 'select true'");
    session.execute(
        "create function evil.is_backend() returns boolean language sql as 'select true'");
    session.execute(
        "create function evil.owns_agent(bigint) returns boolean language sql as 'select true'");
    session.execute(
        "create function evil.yes(uuid, uuid) returns boolean language sql as 'select true'");
    session.execute(
        "create operator evil.= (leftarg = uuid, rightarg = uuid, function = evil.yes)");
    session.execute(
        "create function evil.current_setting(text, boolean) returns text language sql as"
            + " $$ select '{\"sub\": \""
            + ADMIN
            + "\"}' $$");
    for (String path :
        List.of("evil, public, pg_catalog", "pg_temp, evil, pg_catalog, public", "evil")) {
      session.execute("set search_path = " + path);
      tryFunctions();
    }
    session.execute("reset search_path");
  }

  /** As agent alpha's user: none of it may reach agent beta. */
  private void tryEverything() throws SQLException {
    tryFunctions();
    assertThat(session.one("select count(*) from public.beta_customers")).isEqualTo("0");
    assertRefused("insert into public.beta_customers (agent_id, name, phone) values (2, 'x', '1')");
    assertThat(session.execute("delete from public.agents where id = 2")).isZero();
  }

  private void tryFunctions() throws SQLException {
    assertRefused("select * from public.create_agent(?, 'gamma', ?)", SPARE, OWNER);
    assertRefused("select * from public.delete_agent(2)");
    assertRefused("select * from public.update_agent_details(2, '{\"name\": \"x\"}')");
    assertRefused("select * from public.get_whatsapp_config(?)", OTHER);
    assertRefused("select public.drop_agent_tables('beta')");
    assertRefused("select public.create_agent_tables('beta', 2)");
  }
}
