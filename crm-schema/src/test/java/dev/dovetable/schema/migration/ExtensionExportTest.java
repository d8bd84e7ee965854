package dev.dovetable.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.internal.files.Script;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is registered in one database is registered in another by a SQL file alone. */
class ExtensionExportTest {
  private static final AgentExtension NOTES =
      AgentExtension.of(
          "notes",
          List.of(
              Script.of(
                  "db/001_notes.sql",
                  """
                  -- It's a "test" with a backslash: \\ and $version$.
                  create table {notes} (id bigint generated always as identity primary key,
                    customer_id integer not null references {customers} (id) on delete cascade,
                    note text not null default 'it''s \\ empty');
                  revoke delete on {notes} from authenticated;
                  create function {crm}.notes_upper(t text) returns text language sql immutable
                    as $$ select upper(t) $$;
                  grant execute on function {crm}.notes_upper(text) to authenticated, service_role;
                  create function {crm}.{notes_keep}() returns trigger language plpgsql as $$
                  begin new.note := {crm}.notes_upper(new.note); return new; end $$;
                  create trigger keep before insert on {notes} for each row
                    execute function {crm}.{notes_keep}();
                  """),
              Script.of(
                  "db/002_index.sql",
                  "create index concurrently {notes_note_idx} on {notes} (note);")));

  @Test
  void theFileDoesWhatAgentMigrationsDoes() throws SQLException {
    String sql;
    try (AgentsOf origin = AgentsOf.create().make(1, 1)) {
      assertThat(AgentMigrations.of(NOTES).run(origin.owner()).failures()).isEmpty();
      sql = RegisteredVersions.in("public").export(origin.owner(), "notes");
      assertThatThrownBy(() -> RegisteredVersions.in("public").export(origin.owner(), "absent"))
          .isInstanceOf(SchemaException.class)
          .hasMessageContaining("absent");
      assertThat(RegisteredVersions.in("public").export(NOTES)).isEqualTo(sql);
    }
    try (AgentsOf target = AgentsOf.create().make(1, 1)) {
      TestDatabase.execute(target.owner(), sql);
      TestDatabase.execute(target.owner(), sql);
      target.make(2, 2);

      assertThat(AgentMigrations.of(NOTES).isUpToDate(target.owner())).isTrue();
      assertThat(CrmDoctor.create().examine(target.owner()).findings()).isEmpty();
      for (int agent = 1; agent <= 2; agent++) {
        target
            .database()
            .execute(
                """
                insert into agt_%1$d_customers (agent_id, name, phone) values (%1$d, 'x', '1');
                insert into agt_%1$d_notes (customer_id) values (1);
                """
                    .formatted(agent));
        assertThat(target.database().string("select note from agt_" + agent + "_notes"))
            .isEqualTo("IT'S \\ EMPTY");
      }
      TestDatabase.execute(target.owner(), "select delete_agent(1)");
      assertThat(
              target
                  .database()
                  .strings("select proname from pg_proc where proname ~ '_notes_keep$'"))
          .containsExactly("agt_2_notes_keep");
    }
  }

  @Test
  void anotherTextUnderANumberIsRefused() throws SQLException {
    try (AgentsOf agents = AgentsOf.create().make(1, 1)) {
      AgentMigrations.of(NOTES).run(agents.owner());
      String sql = RegisteredVersions.in("public").export(agents.owner(), "notes");
      agents
          .database()
          .execute(
              "update crm_private.agent_templates set checksum = repeat('0', 64) where extension = 'notes'");
      assertThatThrownBy(() -> TestDatabase.execute(agents.owner(), sql))
          .hasMessageContaining("version 1 of extension notes is registered with another text");
    }
  }
}
