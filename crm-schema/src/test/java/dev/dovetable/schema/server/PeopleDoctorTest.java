package dev.dovetable.schema.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.dovetable.schema.database.Session;
import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.doctor.DoctorReport;
import dev.dovetable.schema.doctor.Finding;
import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.doctor.Finding.Severity;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.install.SchemaStatus.State;
import dev.dovetable.testkit.server.Flavor;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Accounts, and who logs in: what the doctor says, and that it helps. */
@FreshDatabase(value = Accounts.Installed.class, flavor = Flavor.SUPABASE, perMethod = true)
class PeopleDoctorTest {
  private static final CrmSchema SCHEMA = CrmSchema.create();
  private static final CrmDoctor DOCTOR = CrmDoctor.create();

  private PostgresDatabase database;
  private DataSource dataSource;
  private Accounts accounts;

  @BeforeEach
  void connect(PostgresDatabase database) throws SQLException {
    this.database = database;
    dataSource = database.dataSource(database.owner());
    accounts = new Accounts(database);
  }

  @AfterEach
  void disconnect() throws SQLException {
    accounts.close();
  }

  private List<Finding> findings() {
    return DOCTOR.examine(dataSource).findings();
  }

  @Test
  void whoHasNoRowAndWhichRowHasNoAccount() throws SQLException {
    UUID boss = accounts.insertUser("boss@x.example", "admin");
    UUID removed = accounts.signUp("ben@x.example");
    accounts.owner.execute("delete from users where id = ?", removed);
    accounts.signUpConfirmed("cy@x.example");
    UUID late = accounts.signUpConfirmed("Boss@x.example");

    List<Finding> findings = findings();

    assertThat(findings)
        .extracting(Finding::code, Finding::severity, Finding::object)
        .containsExactly(
            tuple(Code.ACCOUNT, Severity.WARNING, "auth.users"),
            tuple(Code.ACCOUNT, Severity.WARNING, "auth.users"),
            tuple(Code.ACCOUNT, Severity.INFO, "users"));
    assertThat(findings).allSatisfy(f -> assertThat(f.toString()).doesNotContain("@x.example"));
    assertThat(findings.get(2).problem()).contains("1 rows", boss.toString());
    for (Finding finding : findings.subList(0, 2)) {
      accounts.owner.execute(
          finding.remedy().replaceFirst("If it is to have one: ", "").replaceFirst(";.*", ""));
    }
    assertThat(findings()).isEmpty();
    assertThat(accounts.rowsOf("boss@x.example")).isEqualTo(Accounts.row(late, "admin"));
    assertThat(accounts.rowsOf("ben@x.example")).isEqualTo(Accounts.row(removed, "agent"));
  }

  /** As after a restore, in which auth is the service's; and as older releases made it. */
  @Test
  void theTriggerIsPutBackByEither() throws SQLException {
    accounts.insertUser("held@x.example", "agent");
    for (String damage :
        List.of(
            "drop trigger crm_sync_user_public on auth.users",
            "alter table auth.users disable trigger crm_sync_user_public",
            "create or replace trigger crm_sync_user_public after insert or update of email,"
                + " raw_user_meta_data, raw_app_meta_data on auth.users for each row execute"
                + " function crm_private.sync_user_from_auth()")) {
      for (boolean byDoctor : List.of(true, false)) {
        try (Session superuser = new Session(database.dataSource())) {
          superuser.execute(damage);
        }
        assertThat(SCHEMA.status(dataSource).state()).as(damage).isEqualTo(State.MODIFIED);
        assertThat(SCHEMA.status(dataSource).details()).singleElement().asString().contains("step");
        DoctorReport report = DOCTOR.examine(dataSource);
        assertThat(report.repairable()).extracting(Finding::code).containsExactly(Code.TRIGGER);
        if (byDoctor) {
          assertThat(DOCTOR.repair(dataSource, report).failures()).isEmpty();
        } else {
          SCHEMA.install(dataSource);
        }
        assertThat(DOCTOR.examine(dataSource).isHealthy()).isTrue();
        SCHEMA.validate(dataSource);
      }
    }
    UUID id = accounts.signUp("held@x.example");
    accounts.confirm(id);
    assertThat(accounts.rowsOf("held@x.example")).isEqualTo(Accounts.row(id, "agent"));
  }

  /** Of agents and users that were deleted with triggers silenced. */
  @Test
  void membersThatAreLeftBehindAreTakenOutOfTheBooks() throws SQLException {
    UUID admin = accounts.signUp("admin@x.example");
    accounts.owner.execute("update users set role = 'admin' where id = ?", admin);
    UUID ben = accounts.signUp("ben@x.example");
    long agent = accounts.makeAgent(ben, "agt_a", admin);
    accounts.owner.execute("select add_agent_member(?, ?)", agent, admin);
    assertThat(findings()).isEmpty();
    try (Session superuser = new Session(database.dataSource())) {
      superuser.execute(
          "set session_replication_role = replica;"
              + " insert into crm_private.agent_members (agent_id, user_id) select 77, id from users;"
              + " insert into crm_private.agent_members (agent_id, user_id)"
              + " values (1, gen_random_uuid())");
    }

    DoctorReport report = DOCTOR.examine(dataSource);

    assertThat(report.findings())
        .extracting(Finding::code, finding -> finding.prefix().orElse(""))
        .containsExactlyInAnyOrder(tuple(Code.LEDGER, ""), tuple(Code.LEDGER, "agt_a"));
    assertThat(DOCTOR.repair(dataSource, report).failures()).isEmpty();
    assertThat(findings()).isEmpty();
    assertThat(accounts.owner.column("select user_id from crm_private.agent_members"))
        .containsExactly(admin.toString());
  }

  @Test
  void aLoginThatLacksAMembershipIsFoundAndMended() throws SQLException {
    String login = database.createLogin("app", "authenticated");
    CrmDoctor doctor = CrmDoctor.builder().loginRole(login).build();
    assertThat(findings()).isEmpty();

    DoctorReport report = doctor.examine(dataSource);

    assertThat(report.findings())
        .extracting(Finding::code, Finding::object, Finding::repair)
        .containsExactly(tuple(Code.ROLE, login, List.of("grant service_role to " + login)));
    assertThat(doctor.repair(dataSource, report).failures()).isEmpty();
    assertThat(doctor.examine(dataSource).findings()).isEmpty();
    assertThat(CrmSchema.builder().loginRole(login).build().status(dataSource).isCurrent())
        .isTrue();
  }
}
