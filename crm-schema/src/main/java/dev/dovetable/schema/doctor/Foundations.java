package dev.dovetable.schema.doctor;

import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.doctor.Finding.Severity;
import dev.dovetable.schema.doctor.RepairReport.Outcome;
import dev.dovetable.schema.doctor.RepairReport.Result;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.files.Scripts;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.SqlErrors;
import dev.dovetable.schema.internal.jdbc.Transaction;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Roles and the schema auth, without which no installation can be made to compare with. */
final class Foundations {
  private static final String OBJECT = "roles";

  private Foundations() {}

  /** What is missing of them. Within a transaction. */
  static List<Finding> missing(Connection connection) throws SQLException {
    return Jdbc.query(
        connection,
        Resources.read("doctor/foundations.sql"),
        row ->
            new Finding(
                Code.ROLE,
                Severity.ERROR,
                Optional.empty(),
                OBJECT,
                row.getString("problem"),
                "Have the doctor make what is missing, and repair what could not be compared without"
                    + " it; or run CrmSchema.install.",
                List.of(Scripts.current().supabaseCompat().statements())));
  }

  static boolean isOne(Finding finding) {
    return finding.code() == Code.ROLE && finding.object().equals(OBJECT);
  }

  static List<Result> repair(Connection connection, Target target, List<Finding> findings)
      throws SQLException {
    List<Result> results = new ArrayList<>();
    for (Finding finding : findings) {
      try (Transaction transaction = Transaction.begin(connection, target.privateSchema(), false)) {
        Jdbc.runText(connection, String.join(";\n", finding.repair()));
        transaction.complete();
        results.add(new Result(finding, Outcome.REPAIRED, Optional.empty()));
      } catch (SQLException e) {
        if (SqlErrors.isUnreachable(e)) {
          throw e;
        }
        results.add(
            new Result(
                finding,
                Outcome.FAILED,
                Optional.of("SQLSTATE " + e.getSQLState() + ": " + SqlErrors.words(e))));
      }
    }
    return results;
  }
}
