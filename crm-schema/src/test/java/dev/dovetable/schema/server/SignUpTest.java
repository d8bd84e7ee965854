package dev.dovetable.schema.server;

import static dev.dovetable.schema.server.Accounts.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.Session;
import dev.dovetable.schema.database.SqlFiles;
import dev.dovetable.schema.database.TwoAgents;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.testkit.server.Flavor;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which account of Supabase's auth gets which row of users, whoever was there first. */
@FreshDatabase(value = Accounts.Installed.class, flavor = Flavor.SUPABASE, perMethod = true)
class SignUpTest {
  private Accounts accounts;
  private Session owner;
  private UUID admin;

  @BeforeEach
  void connect(PostgresDatabase database) throws SQLException {
    accounts = new Accounts(database);
    owner = accounts.owner;
    admin = accounts.add("admin@x.example", true, "{\"role\": \"admin\"}");
  }

  @AfterEach
  void disconnect() throws SQLException {
    accounts.close();
  }

  @Test
  void aConfirmedAddressTakesTheRowOverWithAllThatRefersToIt() throws SQLException {
    owner.execute(
        """
        create table notes (id int primary key, user_id uuid not null references users);
        create table badges (user_id uuid primary key references users on delete cascade);
        alter table users add badge_number int unique;
        """);
    UUID held = accounts.insertUser("Held@x.example", "agent");
    owner.execute("update users set badge_number = 7 where id = ?", held);
    owner.execute("insert into notes values (1, ?), (2, ?)", held, held);
    owner.execute("insert into badges values (?)", held);

    UUID account = accounts.signUp("held@x.example");
    assertThat(accounts.rowsOf("held@x.example")).isEqualTo(row(held, "agent"));
    // Whoever they are, they have shown nothing yet.
    accounts.auth.execute("update users set raw_user_meta_data = '{\"name\": \"X\"}'");
    assertThat(accounts.rowsOf("held@x.example")).isEqualTo(row(held, "agent"));

    accounts.confirm(account);
    assertThat(accounts.rowsOf("held@x.example")).isEqualTo(row(account, "agent"));
    assertThat(owner.column("select name || badge_number from users where id = ?", account))
        .containsExactly("Name7");
    for (String table : List.of("notes", "badges")) {
      assertThat(owner.column("select distinct user_id from " + table))
          .containsExactly(account.toString());
    }
    assertThat(owner.one("select count(*) from users")).isEqualTo("2");
  }

  @Test
  void whoWasDeletedThereAndIsInvitedAgainHasTheirRowBack() throws SQLException {
    UUID first = accounts.signUpConfirmed("ben@x.example");
    accounts.auth.execute("delete from users where id = ?", first);
    UUID second = accounts.signUp("ben@x.example");
    accounts.confirm(second);
    assertThat(accounts.rowsOf("ben@x.example")).isEqualTo(row(second, "agent"));
  }

  @Test
  void onlyASignUpBringsARole() throws SQLException {
    UUID held = accounts.insertUser("a@x.example", "agent");
    UUID late = accounts.add("a@x.example", false, "{\"role\": \"admin\"}");
    assertThat(accounts.rowsOf("a@x.example")).isEqualTo(row(held, "agent"));
    accounts.confirm(late);
    assertThat(accounts.rowsOf("a@x.example")).isEqualTo(row(late, "agent"));

    accounts.insertUser("b@x.example", "agent");
    UUID atOnce = accounts.add("b@x.example", true, "{\"role\": \"admin\"}");
    assertThat(accounts.rowsOf("b@x.example")).isEqualTo(row(atOnce, "admin"));
    owner.execute("delete from users where id = ?", atOnce);
    for (String change :
        List.of(
            "raw_user_meta_data = '{\"name\": \"Back\"}'",
            "raw_app_meta_data = '{\"role\": \"admin\", \"x\": 1}'",
            "email_confirmed_at = now()",
            "email = 'c@x.example'")) {
      accounts.auth.execute("update users set " + change + " where id = ?", atOnce);
      assertThat(owner.rows("select from users where id = ?", atOnce)).as(change).isEmpty();
    }
  }

  @Test
  void aRowWithRightsOrDataOrAnAccountIsLeftAlone() throws SQLException {
    UUID boss = accounts.insertUser("boss@x.example", "admin");
    UUID agent = accounts.insertUser("agent@x.example", "agent");
    UUID maker = accounts.insertUser("maker@x.example", "admin");
    accounts.makeAgent(agent, "agt_a", maker);
    owner.execute("update users set role = 'agent' where id = ?", maker);
    UUID member = accounts.insertUser("member@x.example", "agent");
    owner.execute("select add_agent_member(id, ?) from agents", member);
    UUID configured = accounts.insertUser("configured@x.example", "agent");
    owner.execute("select create_whatsapp_config(?, '+1', 'https://x.example')", configured);
    UUID single = accounts.signUpConfirmed("single@x.example");

    accounts.signUpConfirmed("boss@x.example");
    accounts.signUpConfirmed("agent@x.example");
    accounts.signUpConfirmed("maker@x.example");
    accounts.signUpConfirmed("member@x.example");
    accounts.signUpConfirmed("configured@x.example");
    accounts.auth.execute(
        "insert into users (id, email, email_confirmed_at, is_sso_user)"
            + " values (gen_random_uuid(), 'single@x.example', now(), true)");
    accounts.auth.execute(
        "insert into users (id, email, email_confirmed_at, is_anonymous)"
            + " values (gen_random_uuid(), 'anon@x.example', now(), true)");

    assertThat(accounts.rowsOf("boss@x.example")).isEqualTo(row(boss, "admin"));
    assertThat(accounts.rowsOf("agent@x.example")).isEqualTo(row(agent, "agent"));
    assertThat(accounts.rowsOf("maker@x.example")).isEqualTo(row(maker, "agent"));
    assertThat(accounts.rowsOf("member@x.example")).isEqualTo(row(member, "agent"));
    assertThat(accounts.rowsOf("configured@x.example")).isEqualTo(row(configured, "agent"));
    assertThat(accounts.rowsOf("single@x.example")).isEqualTo(row(single, "agent"));
  }

  /** A foreign key of another form can't be followed; the sign-up succeeds all the same. */
  @Test
  void whatCantFollowKeepsTheRow() throws SQLException {
    UUID held = accounts.insertUser("held@x.example", "agent");
    owner.execute("create table mails (email varchar references users (email))");

    accounts.signUpConfirmed("held@x.example");

    assertThat(accounts.rowsOf("held@x.example")).isEqualTo(row(held, "agent"));
    assertThat(owner.one("select count(*) from users")).isEqualTo("2");
  }

  @Test
  void aBackendLinksAnyRow(PostgresDatabase database) throws SQLException {
    UUID boss = accounts.insertUser("boss@x.example", "admin");
    accounts.makeAgent(boss, "agt_a", boss);
    accounts.makeAgent(admin, "agt_b", boss);
    owner.execute(
        "select create_whatsapp_config(?, '+1', 'https://x.example', null, null, '1')", boss);
    UUID account = accounts.signUpConfirmed("private@x.example");
    String call = "select crm_private.link_user(?, ?)";
    try (Session session = new Session(TwoAgents.login(database))) {
      session.as(boss);
      assertThat(session.sqlState(call, boss, account)).isEqualTo("42501");
      session.service();
      assertThat(session.sqlState(call, boss, account)).isEqualTo("23505");
      owner.execute("delete from users where id = ?", account);
      assertThat(session.sqlState(call, boss, UUID.randomUUID())).isEqualTo("22023");
      assertThat(session.sqlState(call, UUID.randomUUID(), account)).isEqualTo("22023");

      session.execute(call, boss, account);

      assertThat(session.sqlState(call, boss, account)).isEqualTo("22023");
    }
    assertThat(accounts.rowsOf("private@x.example")).isEqualTo(row(account, "admin"));
    assertThat(owner.rows("select agent_prefix, user_id, created_by from agents order by id"))
        .containsExactly(
            List.of("agt_a", account.toString(), account.toString()),
            List.of("agt_b", admin.toString(), account.toString()));
    assertThat(owner.one("select user_id from whatsapp_configuration"))
        .isEqualTo(account.toString());
    assertThat(owner.column("select email from auth.users order by 1"))
        .containsExactly("admin@x.example", "private@x.example");
    assertThat(owner.one("select count(*) from users")).isEqualTo("2");
    // Nobody else changes who made an agent, the owner neither.
    assertThat(owner.sqlState("update agents set created_by = ? where user_id = ?", admin, admin))
        .isEqualTo("23000");
  }

  @Test
  void anAddressThatChangesHereChangesTheIdentityToo() throws SQLException {
    UUID id = accounts.signUpConfirmed("old@x.example");
    accounts.auth.execute(
        "insert into identities (provider_id, user_id, provider, identity_data)"
            + " values ('g', ?, 'google', '{\"email\": \"old@x.example\"}')",
        id);
    owner.execute("update users set email = 'New@x.example' where id = ?", id);
    assertThat(
            owner.rows(
                "select provider, identity_data ->> 'email', email, identity_data ->> 'sub' is null"
                    + " from auth.identities where user_id = ? order by 1",
                id))
        .containsExactly(
            List.of("email", "New@x.example", "new@x.example", "f"),
            List.of("google", "old@x.example", "old@x.example", "t"));
  }

  /** In a project that is older than the installation, beside a table that is as specified. */
  @Test
  void whoSignedUpBeforeGetsARowOnce() throws SQLException {
    try (PostgresDatabase database = PostgresServer.shared().createDatabase(Flavor.SUPABASE);
        Accounts before = new Accounts(database)) {
      before.owner.execute(
          """
          create type role as enum ('admin', 'agent');
          create table users (
            id uuid default gen_random_uuid() primary key,
            name varchar(255) not null,
            email varchar(255) not null unique,
            role role not null,
            created_at timestamptz default current_timestamp
          );
          insert into users (name, email, role) values ('Cy', 'Cy@x.example', 'agent');
          insert into users (name, email, role) values ('Di', 'di@x.example', 'admin');
          """);
      UUID ada = before.add("ada@x.example", true, "{\"role\": \"admin\"}");
      UUID ben = before.signUp("ben@x.example");
      UUID cy = before.signUpConfirmed("cy@x.example");
      before.signUpConfirmed("di@x.example");
      before.auth.execute(
          """
          insert into users (id, phone) values (gen_random_uuid(), '+49');
          insert into users (id, is_anonymous) values (gen_random_uuid(), true);
          insert into users (id, email, deleted_at) values (gen_random_uuid(), 'gone@x.example', now());
          insert into users (id, email, is_sso_user) values (gen_random_uuid(), 'ada@x.example', true);
          """);

      assertThat(
              CrmSchema.create().install(database.dataSource(database.owner())).notes().stream()
                  .filter(note -> note.finding().contains("auth.users")))
          .singleElement()
          .satisfies(note -> assertThat(note.finding()).startsWith("2 accounts of auth.users"));

      assertThat(before.rowsOf("ada@x.example")).isEqualTo(row(ada, "admin"));
      assertThat(before.rowsOf("ben@x.example")).isEqualTo(row(ben, "agent"));
      assertThat(before.rowsOf("cy@x.example")).isEqualTo(row(cy, "agent"));
      assertThat(before.owner.one("select count(*) from users")).isEqualTo("4");
      // Running the files again brings nobody back.
      before.owner.execute("delete from users where id = ?", ben);
      before.owner.execute(SqlFiles.read("schema/base_tables.sql"));
      assertThat(before.rowsOf("ben@x.example")).isEmpty();
    }
  }

  /** Older installations didn't remember who was removed; an account that has an address was. */
  @Test
  void whoWasRemovedBeforeAnUpgradeStaysAway() throws SQLException {
    UUID removed = accounts.signUpConfirmed("eve@x.example");
    UUID phone = UUID.randomUUID();
    accounts.auth.execute("insert into users (id, phone) values (?, '+49')", phone);
    owner.execute("delete from users where id = ?", removed);
    owner.execute("drop trigger note_removal on users; drop table crm_private.removed_users");

    owner.execute(SqlFiles.read("schema/base_tables.sql"));

    for (UUID id : List.of(removed, phone)) {
      accounts.auth.execute("update users set email = null where id = ?", id);
      accounts.auth.execute("update users set email = ? where id = ?", id + "@x.example", id);
    }
    assertThat(accounts.rowsOf(removed + "@x.example")).isEmpty();
    assertThat(accounts.rowsOf(phone + "@x.example")).isEqualTo(row(phone, "agent"));
  }
}
