package dev.dovetable.schema.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.SqlFiles;
import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.internal.files.Script;
import dev.dovetable.schema.internal.files.Scripts;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In older installations, several users could have one phone_number_id. */
class NumberUpgradeTest {
  private static final String BEN = "00000000-0000-4000-8000-000000000002";
  private static final String CEM = "00000000-0000-4000-8000-000000000003";
  private static final String DAN = "00000000-0000-4000-8000-000000000004";
  private static final String EVE = "00000000-0000-4000-8000-000000000005";

  private TestDatabase database;

  @BeforeEach
  void makeOlder() throws SQLException {
    database = TestDatabase.create();
    for (String file : SqlFiles.SPECIFICATION) {
      database.execute(
          TestDatabase.resource("older/before_transactions/" + file.substring("schema/".length())));
    }
    database.execute(TestDatabase.resource("older/current.sql"));
    database.execute(
        """
        insert into users (id, name, email, role) values
          ('%3$s', 'Dan', 'dan@example.org', 'agent'), ('%4$s', 'Eve', 'eve@example.org', 'agent');
        insert into whatsapp_configuration
          (user_id, whatsapp_number, webhook_url, phone_number_id, is_active, created_at) values
          ('%1$s', '1', 'x', '7', true, '2026-02-02'),
          ('%2$s', '1', 'x', '7', true, '2026-03-03'),
          ('%3$s', '1', 'x', '7', false, '2026-01-01'),
          ('%4$s', '1', 'x', '', true, '2026-01-01')
        """
            .formatted(BEN, CEM, DAN, EVE));
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  @Test
  void theOldestActiveOneKeepsIt() throws SQLException {
    InstallReport report = CrmSchema.create().install(database.superuser());

    assertKeptByBen();
    assertThat(report.notes())
        .filteredOn(note -> note.consequence().contains("base_tables.sql"))
        .singleElement()
        .satisfies(
            note ->
                assertThat(note.finding())
                    .contains("user " + BEN + " keeps it", CEM, DAN)
                    .doesNotContain(EVE));
    assertThat(CrmDoctor.create().examine(database.superuser()).findings()).isEmpty();
  }

  /** A row that is beyond a bound stays changeable, and a token that can't be used goes. */
  @Test
  void boundsWaitForOlderRows() throws SQLException {
    database.execute(
        """
        update whatsapp_configuration set webhook_url = repeat('x', 3000) where user_id = '%s';
        update whatsapp_configuration set verify_token = repeat('x', 3000) where user_id = '%s'
        """
            .formatted(DAN, EVE));

    InstallReport report = CrmSchema.create().install(database.superuser());

    assertThat(report.notes())
        .extracting(InstallReport.Note::finding)
        .anySatisfy(text -> assertThat(text).contains("webhook_url", DAN).doesNotContain(EVE));
    assertThat(
            database.strings(
                "select conname from pg_constraint where contype = 'c' and convalidated"
                    + " and conrelid = 'whatsapp_configuration'::regclass order by 1"))
        .containsExactly(
            "whatsapp_configuration_api_key_check",
            "whatsapp_configuration_verify_token_check",
            "whatsapp_configuration_whatsapp_number_check");
    database.execute("update whatsapp_configuration set is_active = false where true");
    database.execute("update whatsapp_configuration set webhook_url = 'x' where true");
    runAll();
    assertThat(CrmDoctor.create().examine(database.superuser()).findings()).isEmpty();
  }

  @Test
  void byPsqlToo() throws SQLException {
    for (int run = 0; run < 2; run++) {
      runAll();
      assertKeptByBen();
    }
  }

  /** A number of a user without agent, and that a user has had a number, were not remembered. */
  @Test
  void holdersAreFilledIn() throws SQLException {
    runAll();
    database.execute(
        """
        update whatsapp_configuration set phone_number_id = '8' where user_id = '%s';
        delete from crm_private.agent_numbers where true;
        alter table crm_private.agent_numbers alter column agent_id set not null, drop column user_id,
          drop column business_account_id, drop column display_number, drop column label,
          drop column is_active, drop column released_at;
        insert into crm_private.agent_numbers (phone_number_id, agent_id, since)
        select n.number, a.id, n.since
        from (values ('7', '-infinity'::timestamptz), ('8', null), ('9', null)) as n (number, since)
        join agents a on a.agent_prefix = 'agt_6f78'
        """
            .formatted(DAN));
    for (int run = 0; run < 2; run++) {
      runAll();
      assertThat(
              database.strings(
                  """
                  select concat_ws(' ', phone_number_id, coalesce(agent_prefix, '-'),
                    coalesce(n.user_id::text, '-'),
                    case when since > now() - interval '1 hour' then 'now' else since::text end)
                  from crm_private.agent_numbers n
                  left join agents a on a.id = n.agent_id
                  order by phone_number_id
                  """))
          .containsExactly(
              "7 agt_6f78 " + BEN + " -infinity", "8 - " + DAN + " now", "9 agt_6f78 -");
    }
    assertThat(CrmDoctor.create().examine(database.superuser()).findings()).isEmpty();
  }

  /** There, a number was a configuration's, and one that was given up stayed in the list. */
  @Test
  void numbersOfConfigurationsBecomeTheAgents() throws SQLException {
    byPsqlToo();
    database.execute(
        """
        drop trigger note_number on whatsapp_configuration;
        update whatsapp_configuration set is_active = false where user_id = '%1$s';
        insert into crm_private.agent_numbers (phone_number_id, agent_id) values ('8', 1), ('9', 1);
        update whatsapp_configuration set phone_number_id = '9' where user_id = '%2$s';
        delete from crm_private.agent_numbers where agent_id is null;
        alter table crm_private.agent_numbers alter column agent_id set not null,
          drop column user_id, drop column business_account_id, drop column display_number, drop column label,
          drop column is_active, drop column released_at;
        alter table whatsapp_configuration
          add constraint whatsapp_configuration_phone_number_id_key unique (phone_number_id);
        create trigger note_number after insert or update of user_id, phone_number_id on whatsapp_configuration
          for each row execute function crm_private.note_number_of_configuration();
        create function crm_private.note_number(uuid, bigint) returns void language plpgsql as 'begin end'
        """
            .formatted(BEN, DAN));

    for (int run = 0; run < 2; run++) {
      runAll();
      assertThat(
              database.strings(
                  "select concat_ws(' ', phone_number_id, agent_id, right(user_id::text, 1),"
                      + " display_number, is_active, released_at is null, since is null)"
                      + " from crm_private.agent_numbers order by 1"))
          .containsExactly("7 1 2 1 f t f", "8 1 t f t", "9 4 1 f t f");
    }
    assertThat(CrmDoctor.create().examine(database.superuser()).findings()).isEmpty();
  }

  private void runAll() throws SQLException {
    for (Script script : Scripts.current().complete()) {
      database.execute(script.text());
    }
  }

  private void assertKeptByBen() throws SQLException {
    assertThat(
            database.strings(
                "select user_id || coalesce(' ' || phone_number_id, '') from whatsapp_configuration"
                    + " order by 1"))
        .containsExactly(BEN + " 7", CEM, DAN, EVE);
    assertThat(
            database.strings(
                "select concat_ws(' ', phone_number_id, agent_id, since is not null)"
                    + " from crm_private.agent_numbers"))
        .isEqualTo(List.of("7 1 t"));
  }
}
