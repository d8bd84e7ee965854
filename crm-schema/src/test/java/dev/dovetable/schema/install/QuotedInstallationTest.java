package dev.dovetable.schema.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.SqlFiles;
import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.install.InstallReport.Outcome;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** An older release kept names in quotes where quote_all_identifiers was on. */
class QuotedInstallationTest {

  @Test
  void isNotTakenForSomebodyElses() throws SQLException {
    try (TestDatabase database = TestDatabase.create()) {
      for (String file : SqlFiles.SPECIFICATION) {
        database.execute(
            "set quote_all_identifiers = on;"
                + TestDatabase.resource(
                    "older/before_transactions/" + file.substring("schema/".length())));
      }

      assertThat(CrmSchema.create().install(database.superuser()).outcome())
          .isEqualTo(Outcome.ADOPTED);
      assertThat(CrmDoctor.create().examine(database.superuser()).findings()).isEmpty();
    }
  }
}
