package dev.dovetable.schema.doctor;

import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.doctor.Finding.Severity;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Compares the library's own book-keeping with itself and with the catalogue. */
final class LedgerCheck {
  private final Connection connection;
  private final Target target;

  LedgerCheck(Connection connection, Target target) {
    this.connection = connection;
    this.target = target;
  }

  /** One round trip, in a transaction that should end soon: it locks the table agents. */
  List<Finding> run() throws SQLException {
    return Jdbc.query(connection, Resources.read("doctor/ledger.sql"), this::read);
  }

  private Finding read(ResultSet row) throws SQLException {
    List<String> repair = Jdbc.texts(row, "repair");
    return new Finding(
        Code.LEDGER,
        repair.isEmpty() ? Severity.ERROR : Severity.WARNING,
        Optional.ofNullable(row.getString("prefix")),
        target.privateSchema() + "." + row.getString("book"),
        row.getString("problem"),
        repair.isEmpty()
            ? "Delete the agent if its import was cut off, or import it again; else compare its tables"
                + " with the extension's files, and correct the ledger by hand."
            : "Have the doctor repair it: only entries of the library's own change.",
        repair);
  }
}
