package dev.dovetable.schema.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.doctor.Finding.Severity;
import dev.dovetable.schema.doctor.RepairReport.Outcome;
import dev.dovetable.schema.doctor.RepairReport.Result;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.CatalogSnapshot;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.schema.migration.WrittenExtension;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is wrong with the installation itself, and what no agent owns. */
class DoctorInstallationTest extends DoctorTest {
  @Test
  void theInstallationIsRepaired() throws SQLException {
    CatalogSnapshot before = database.snapshot();
    database.execute(
        """
        create or replace function crm_private.is_admin() returns boolean language sql as 'select true';
        drop function get_whatsapp_config(uuid);
        grant execute on function delete_agent(bigint) to anon;
        grant usage on schema crm_private to public;
        grant select on users to anon;
        grant select (api_key) on whatsapp_configuration to authenticated;
        alter table whatsapp_configuration disable row level security;
        drop policy agents_insert on agents;
        create policy open on users for update to authenticated using (true);
        drop index agents_created_by_idx;
        alter table agents disable trigger keep_agent_identity;
        alter table users alter name drop not null;
        comment on column users.role is null;
        """);

    DoctorReport damaged = examine();

    assertThat(damaged.findings()).allMatch(finding -> finding.prefix().isEmpty());
    assertThat(codes(damaged))
        .containsExactlyInAnyOrder(
            Code.FUNCTION,
            Code.FUNCTION,
            Code.PRIVILEGE,
            Code.PRIVILEGE,
            Code.PRIVILEGE,
            Code.PRIVILEGE,
            Code.ROW_SECURITY,
            Code.POLICY,
            Code.POLICY,
            Code.INDEX,
            Code.TRIGGER,
            Code.COLUMN,
            Code.COMMENT);
    RepairReport repair = DOCTOR.repair(agents.owner(), damaged);
    assertThat(repair.results()).hasSize(13);
    assertThat(repair.failures()).isEmpty();
    assertThat(examine().findings()).isEmpty();
    assertThat(database.snapshot().differencesFrom(before)).isEmpty();
  }

  @Test
  void sequencesOfSharedTablesGoOnBehindTheirRows() throws SQLException {
    database.execute(
        """
        select setval('agents_id_seq', 1, false);
        insert into crm_private.unrouted_webhooks (id, reason, body) overriding system value
        values (9, 'UNREADABLE', 'x');
        """);

    DoctorReport damaged = examine();

    assertThat(damaged.findings())
        .extracting(Finding::code, Finding::object)
        .containsExactlyInAnyOrder(
            tuple(Code.SEQUENCE_BEHIND, "agents_id_seq"),
            tuple(Code.SEQUENCE_BEHIND, "unrouted_webhooks_id_seq"));
    assertThat(DOCTOR.repair(agents.owner(), damaged).failures()).isEmpty();
    assertThat(examine().findings()).isEmpty();
    agents.make(3, 3);
  }

  @Test
  void callbacksThatNobodyLooksAfterAreToldOf() throws SQLException {
    database.execute(
        "insert into crm_private.unrouted_webhooks (reason, body)"
            + " select 'NO_AGENT', n::text::bytea from generate_series(1, "
            + Capacity.KEPT_WEBHOOKS_LIMIT
            + ") as n");
    assertThat(examine().findings()).isEmpty();

    database.execute(
        "insert into crm_private.unrouted_webhooks (reason, body) values ('NO_AGENT', 'x')");
    assertThat(examine().findings())
        .extracting(Finding::code, Finding::severity)
        .containsExactly(tuple(Code.WEBHOOKS_KEPT, Finding.Severity.WARNING));
  }

  @Test
  void whatTheApplicationAddedIsNotMeddledWith() throws SQLException {
    database.execute(
        """
        create table shop_orders (id bigint primary key, agent_id bigint references agents);
        create table shop_customers (id serial primary key);
        create sequence shop_messages_id_seq;
        create table crm_private.cache (key text primary key);
        alter table users add phone text;
        create index users_name_idx on users (name);
        create function public.hello() returns text language sql as 'select 1::text';
        grant select on shop_orders to anon;
        """);

    DoctorReport report = examine();

    assertThat(report.isHealthy()).isTrue();
    assertThat(report.repairable()).isEmpty();
    assertThat(codes(report))
        .containsExactlyInAnyOrder(
            Code.EXTRA_OBJECT, Code.EXTRA_OBJECT, Code.EXTRA_OBJECT, Code.HOST_TABLE);
    assertThat(report.findings())
        .extracting(Finding::object)
        .containsExactlyInAnyOrder("users", "users", "cache", "shop_orders");
  }

  /** Else their repair would take everything from its owner. */
  @Test
  void whoeverLooksTheOwnerIsTheOneWhoInstalled() throws SQLException {
    assertThat(DOCTOR.examine(database.superuser()).findings()).isEmpty();

    String member = database.embedded().createLogin("member");
    database.execute(
        "grant %s to %s"
            .formatted(
                database.string(
                    "select relowner::regrole::text from pg_class where oid = 'agents'::regclass"),
                member));
    assertThat(DOCTOR.examine(database.embedded().dataSource(member)).findings()).isEmpty();
  }

  @Test
  void anAgentWhoseTablesWereDroppedIsFound() throws SQLException {
    database.execute("select drop_agent_tables('agt_2')");

    DoctorReport report = examine();

    assertThat(report.findings())
        .filteredOn(finding -> finding.code() == Code.AGENT_WITHOUT_TABLES)
        .singleElement()
        .satisfies(finding -> assertThat(finding.prefix()).contains("agt_2"));
    DOCTOR.repair(agents.owner(), report);
    assertThat(codes(examine())).doesNotContain(Code.AGENT_WITHOUT_TABLES);
  }

  @Test
  void aConfigurationWithAnothersNumberIsFound() throws SQLException {
    database.execute(
        """
        alter table whatsapp_configuration disable trigger note_number;
        insert into whatsapp_configuration (user_id, whatsapp_number, webhook_url, phone_number_id)
        select id, '1', 'x', '104590110000110' from users where role = 'agent';
        alter table whatsapp_configuration enable trigger note_number;
        insert into crm_private.agent_numbers (phone_number_id, agent_id)
        select '104590110000110', min(id) from agents union all values ('8', 77), ('9', 77)
        """);

    DoctorReport report = examine();

    assertThat(codes(report)).containsOnly(Code.NUMBER_ELSEWHERE, Code.LEDGER);
    DOCTOR.repair(agents.owner(), report);
    assertThat(codes(examine())).containsOnly(Code.NUMBER_ELSEWHERE);
    assertThat(report.findings().toString()).doesNotContain("104590110000110");
  }

  @Test
  void aSchemaThatEverybodyMayCreateInIsFound() throws SQLException {
    database.execute("grant create on schema public to public");

    assertThat(examine().findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(Code.PRIVILEGE);
              assertThat(finding.severity()).isEqualTo(Severity.ERROR);
              assertThat(finding.problem())
                  .contains("everybody may create objects in schema public");
            });
  }

  @Test
  void whatDeletedAgentsLeaveIsFoundAndLeftAlone() throws SQLException {
    AgentMigrations.of(AgentsOf.visits("001_create_visits.sql")).run(agents.owner());
    database.execute(
        """
        set session_replication_role = replica;
        delete from agents where id = 2;
        reset session_replication_role;
        alter sequence agt_1_orders_id_seq owned by none;
        alter table agt_1_orders alter id drop default;
        """);
    database.execute("alter sequence agt_1_orders_id_seq rename to gone_orders_id_seq");
    database.execute(
        "create table shop_customers (id serial primary key, agent_id bigint references agents)");

    DoctorReport report = examine();

    assertThat(report.findings())
        .filteredOn(finding -> finding.code() == Code.ORPHANED_TABLE)
        .extracting(Finding::object)
        .containsExactlyInAnyOrder(
            "agt_2_customers",
            "agt_2_messages",
            "agt_2_orders",
            "agt_2_orders_items",
            "agt_2_visits");
    assertThat(report.findings())
        .filteredOn(finding -> finding.code() == Code.ORPHANED_TABLE)
        .allSatisfy(
            finding -> {
              assertThat(finding.prefix()).contains("agt_2");
              assertThat(finding.remedy()).contains("drop_agent_tables('agt_2')");
            });
    assertThat(report.findings())
        .filteredOn(finding -> finding.code() == Code.ORPHANED_SEQUENCE)
        .extracting(Finding::object)
        .containsExactly("gone_orders_id_seq");
    DOCTOR.repair(agents.owner(), report);
    assertThat(
            database.string(
                "select count(*)::text from pg_class where relname like 'agt\\_2\\_%' and relkind = 'r'"))
        .isEqualTo("5");

    database.execute("select drop_agent_tables('agt_2'); drop sequence gone_orders_id_seq");
    assertThat(codes(examine())).doesNotContain(Code.ORPHANED_TABLE, Code.ORPHANED_SEQUENCE);
  }

  @Test
  void entriesOfDeletedAgentsAreTakenOutOfTheBooks() throws SQLException {
    database.execute(
        "insert into crm_private.agent_failures (agent_id, sqlstate, message) values (77, '42P07', 'x')");

    DoctorReport report = examine();

    assertThat(codes(report)).containsExactly(Code.LEDGER);
    assertThat(DOCTOR.repair(agents.owner(), report).results())
        .extracting(Result::outcome)
        .containsExactly(Outcome.REPAIRED);
    assertThat(examine().findings()).isEmpty();
  }

  @Test
  void anExtensionThatBreaksNewAgentsIsToldAndTheRestIsExamined() throws SQLException {
    database.execute("create function nothing() returns text language sql as 'select null'");
    AgentMigrations.of(WrittenExtension.of("broken", "update {orders} set notes = nothing();"))
        .run(agents.owner());
    database.execute("drop function nothing(); grant select on users to anon");

    assertThat(codes(examine())).contains(Code.AGENT_CREATION, Code.PRIVILEGE);
  }

  /** Files that do so are refused; what was written into the database by hand is not. */
  @Test
  void anExtensionThatTakesProtectionAwayIsRefused() throws SQLException {
    AgentMigrations.of(WrittenExtension.of("bare", "create table {notes} (id integer);"))
        .run(agents.owner());
    database.execute(
        """
        insert into crm_private.agent_templates (extension, version, file, checksum, template, names, tables)
        values ('bare', 2, 'none', repeat('0', 64), 'drop policy {notes_access} on {notes}',
          '{notes,notes_access}', '{}');
        select crm_private.migrate_agent(id, agent_prefix) from agents;
        """);

    assertThat(examine().findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(Code.UNPROTECTED_EXTENSION);
              assertThat(finding.severity()).isEqualTo(Severity.ERROR);
              assertThat(finding.object()).isEqualTo("notes");
            });
  }

  @Test
  void limitsThatAreNearAreFound() {
    Capacity small = new Capacity(10, 1000, 1, List.of(), 6400, 100, 5120, 1);
    Capacity large = new Capacity(10, 1000, 1, List.of(), 6400, 5121, 5121, 600_000_000);

    assertThat(CapacityCheck.findings(small)).isEmpty();
    assertThat(CapacityCheck.findings(large))
        .extracting(Finding::code, Finding::severity, Finding::prefix)
        .containsExactly(
            tuple(Code.CAPACITY_LOCKS, Severity.WARNING, Optional.empty()),
            tuple(Code.CAPACITY_LOCKS, Severity.WARNING, Optional.empty()),
            tuple(Code.CAPACITY_MEMORY, Severity.WARNING, Optional.empty()));
  }
}
