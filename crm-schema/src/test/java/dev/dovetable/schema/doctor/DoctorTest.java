package dev.dovetable.schema.doctor;

import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the doctor's tests have in common: two agents of each test's own. */
abstract class DoctorTest {
  static final CrmDoctor DOCTOR = CrmDoctor.create();
  AgentsOf agents;
  TestDatabase database;

  @BeforeEach
  void install() throws SQLException {
    agents = AgentsOf.create().make(1, 2);
    database = agents.database();
  }

  @AfterEach
  void drop() {
    database.close();
  }

  DoctorReport examine() {
    return DOCTOR.examine(agents.owner());
  }

  static List<Code> codes(DoctorReport report) {
    return report.findings().stream().map(Finding::code).toList();
  }
}
