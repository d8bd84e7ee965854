package dev.dovetable.schema.server;

import static dev.dovetable.schema.database.Fleet.assertNothingOrphaned;
import static dev.dovetable.schema.database.TwoAgents.ADMIN;
import static dev.dovetable.schema.database.TwoAgents.OTHER;
import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static dev.dovetable.schema.database.TwoAgents.SPARE;
import static dev.dovetable.schema.database.TwoAgents.addAgent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.Clients;
import dev.dovetable.schema.database.Fleet;
import dev.dovetable.schema.database.Session;
import dev.dovetable.schema.database.SqlFiles;
import dev.dovetable.schema.database.TwoAgents;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** As on managed servers: the owner is no superuser, and may not give service_role BYPASSRLS. */
class UnprivilegedOwnerTest {

  private static PostgresServer server;

  private PostgresDatabase database;
  private String ownerRole;
  private Session owner;
  private DataSource login;
  private Session session;

  @BeforeAll
  static void start() throws SQLException {
    // Of its own, because roles and their attributes belong to the server.
    server = PostgresServer.builder().start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void install() throws SQLException {
    database = server.createDatabase();
    ownerRole = database.createLogin("owner");
    try (Session superuser = new Session(database.dataSource())) {
      superuser.execute("alter role " + ownerRole + " createrole");
      superuser.execute("alter database " + database.name() + " owner to " + ownerRole);
    }
    owner = new Session(database.dataSource(ownerRole));
    SqlFiles.run(owner, SqlFiles.SCHEMA);
    SqlFiles.run(owner, SqlFiles.SCHEMA);
    TwoAgents.fill(database.dataSource(ownerRole));
    login = TwoAgents.login(database);
    session = new Session(login);
  }

  @AfterEach
  void close() throws SQLException {
    session.close();
    owner.close();
    database.close();
  }

  @Test
  void everyRoleHasTheAccessThatItHasElsewhere() throws SQLException {
    assertThat(owner.one("select rolbypassrls from pg_roles where rolname = 'service_role'"))
        .isEqualTo("f");
    session.service();
    for (String table :
        List.of(
            "users", "agents", "whatsapp_configuration", "alpha_customers", "beta_orders_items")) {
      assertThat(session.execute("select * from " + table)).as(table).isPositive();
    }
    session.execute("insert into beta_customers (agent_id, name, phone) values (2, 'x', '1')");
    assertThat(session.execute("update users set name = name where true")).isEqualTo(4);
    assertThat(session.execute("delete from beta_customers where name = 'x'")).isEqualTo(1);
    session.as(OWNER);
    assertThat(session.execute("select * from alpha_messages")).isEqualTo(1);
    assertThat(session.execute("select * from beta_messages")).isZero();
    assertThat(session.sqlState("select api_key from whatsapp_configuration")).isEqualTo("42501");
    assertThat(session.sqlState("select delete_agent(2)")).isEqualTo("42501");
    session.anonymous();
    assertThat(session.sqlState("select * from users")).isEqualTo("42501");
    // Each table has one policy more, for service_role.
    assertThat(
            owner.column(
                "select tablename || ' ' || count(*) from pg_policies where 'service_role' = any (roles)"
                    + " and schemaname = 'public' group by tablename having count(*) <> 1"))
        .isEmpty();
    assertThat(
            owner.one(
                "select count(*) from pg_policy where obj_description(oid, 'pg_policy') is null"))
        .isEqualTo("0");
  }

  @Test
  void totalsAreKept() throws SQLException {
    session.as(OWNER);
    session.execute("insert into alpha_orders_items (order_id, name, price) values (1, 'x', 3)");
    session.execute("update alpha_orders set total_amount = 1 where true");
    assertThat(session.one("select total_amount from alpha_orders")).isEqualTo("13.00");
  }

  @Test
  void agentsAreDeletedEveryWay() throws SQLException {
    for (int i = 0; i < 12; i++) {
      String prefix = "many_" + i;
      TwoAgents.addOrder(owner, prefix, addAgent(owner, prefix));
    }
    session.service();
    assertThat(session.one("select success from delete_agent(3)")).isEqualTo("t");
    session.begin();
    assertThat(session.one("select success from delete_agent(4)")).isEqualTo("t");
    assertThat(session.one("select success from delete_agent(5)")).isEqualTo("t");
    assertThat(session.one("select success from create_agent(?, 'many_1', ?)", SPARE, ADMIN))
        .isEqualTo("t");
    String id = session.one("select id from agents where agent_prefix = 'many_1'");
    session.commit();
    assertNothingOrphaned(owner);
    session.begin();
    assertThat(session.one("select success from delete_agent(?::bigint)", id)).isEqualTo("t");
    assertThat(session.one("select success from create_agent(?, 'many_1', ?)", SPARE, ADMIN))
        .isEqualTo("t");
    session.rollback();
    session.as(OWNER);
    assertThat(session.execute("delete from agents where true")).isEqualTo(1);
    assertNothingOrphaned(owner);
    session.as(ADMIN);
    assertThat(session.execute("delete from agents where id in (6, 7, 8)")).isEqualTo(3);
    assertNothingOrphaned(owner);
    session.service();
    session.execute("delete from agents where true");
    assertNothingOrphaned(owner);
    assertThat(Fleet.ids(owner)).isEmpty();
  }

  @Test
  void manyAtOnce() throws Exception {
    List<SQLException> failures =
        Clients.run(
            4,
            login,
            (client, number) -> {
              client.service();
              for (int i = 0; i < 5; i++) {
                long id = addAgent(client, "c" + number + "_" + i);
                if (i % 2 == 0) {
                  assertThat(client.one("select success from delete_agent(?)", id)).isEqualTo("t");
                }
              }
            });
    assertThat(failures).isEmpty();
    assertThat(Fleet.ids(owner)).hasSize(2 + 4 * 2);
    assertNothingOrphaned(owner);
  }

  @Test
  void grantOfTheSettingMakesDeletionTakeFewerLocks() throws SQLException {
    for (int i = 0; i < 10; i++) {
      addAgent(owner, "many_" + i);
    }
    session.service();
    int before = locksOfADeletion();
    try (Session superuser = new Session(database.dataSource())) {
      superuser.execute("grant set on parameter session_replication_role to " + ownerRole);
      assertThat(locksOfADeletion()).isLessThan(before);
      superuser.execute("revoke set on parameter session_replication_role from " + ownerRole);
    }
    assertThat(session.one("show session_replication_role")).isEqualTo("origin");
  }

  private int locksOfADeletion() throws SQLException {
    session.begin();
    assertThat(session.one("select success from delete_agent(1)")).isEqualTo("t");
    int locks =
        Integer.parseInt(session.one("select count(*) from pg_locks where pid = pg_backend_pid()"));
    session.rollback();
    return locks;
  }

  @Test
  void hostsForeignKeysAndTheConfigurationAreRespected() throws SQLException {
    owner.execute("create table notes (agent_id bigint references agents on delete cascade)");
    owner.execute("create table tasks (agent_id bigint references agents on delete restrict)");
    owner.execute("insert into notes values (1), (2)");
    owner.execute("insert into tasks values (2)");
    session.service();
    assertThat(session.one("select success from delete_agent(1)")).isEqualTo("t");
    assertThat(session.sqlState("select delete_agent(2)")).isIn("23001", "23503");
    assertThat(owner.column("select agent_id from notes")).containsExactly("2");
    assertThat(owner.one("select is_active from whatsapp_configuration where user_id = ?", OWNER))
        .isEqualTo("f");
    assertThat(owner.one("select is_active from whatsapp_configuration where user_id = ?", OTHER))
        .isEqualTo("t");
    assertThat(owner.one("select count(*) from beta_customers")).isEqualTo("1");
  }
}
