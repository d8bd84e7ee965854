package dev.dovetable.schema.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.fixture.AgentsOf;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangeRingCheckTest {
  private static final CrmDoctor DOCTOR = CrmDoctor.create();

  private AgentsOf agents;

  @BeforeEach
  void make() throws SQLException {
    agents = AgentsOf.create();
  }

  @AfterEach
  void drop() {
    agents.close();
  }

  private DoctorReport examine() {
    return DOCTOR.examine(agents.owner());
  }

  @Test
  void aRingThatIsBrokenIsMended() throws SQLException {
    agents
        .database()
        .execute(
            "alter table crm_private.changes_2 no inherit crm_private.changes;"
                + " delete from crm_private.change_ring");

    DoctorReport damaged = examine();

    assertThat(damaged.findings())
        .extracting(Finding::code, Finding::object)
        .containsExactlyInAnyOrder(
            tuple(Code.CHANGE_RING, "change_ring"), tuple(Code.CHANGE_RING, "changes_2"));
    assertThat(DOCTOR.repair(agents.owner(), damaged).failures()).isEmpty();
    assertThat(examine().findings()).isEmpty();
  }

  @Test
  void aRingThatNobodyTurnsIsToldOf() throws SQLException {
    registerTheFeed();
    agents
        .database()
        .execute("update crm_private.change_ring set began = now() - interval '25 hours'");

    assertThat(examine().findings())
        .extracting(Finding::code, Finding::severity)
        .containsExactly(tuple(Code.CHANGE_RING, Finding.Severity.WARNING));
  }

  @Test
  void aRingOfAnotherClusterIsBegunAnew() throws SQLException {
    agents.database().execute("update crm_private.change_ring set system_identifier = 7");
    assertThat(examine().findings()).as("as long as nobody uses it").isEmpty();

    registerTheFeed();
    DoctorReport restored = examine();
    assertThat(restored.findings())
        .extracting(Finding::code, Finding::isRepairable)
        .containsExactly(tuple(Code.CHANGE_RING, true));
    assertThat(DOCTOR.repair(agents.owner(), restored).failures()).isEmpty();
    assertThat(examine().findings()).isEmpty();
  }

  private void registerTheFeed() throws SQLException {
    agents
        .database()
        .execute(
            "insert into crm_private.agent_templates (extension, version, file, checksum, template, names, tables)"
                + " values ('change_feed', 1, '001.sql', repeat('a', 64), 'select 1', '{}', '{}')");
  }
}
