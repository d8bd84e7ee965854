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

/** Whether those who log in can: the application's role, and who has an account in auth.users. */
final class PeopleCheck {
  private final Connection connection;
  private final Target target;

  PeopleCheck(Connection connection, Target target) {
    this.connection = connection;
    this.target = target;
  }

  /** What a restore into another server leaves out. Who logs in isn't known without its name. */
  List<Finding> memberships() throws SQLException {
    if (target.loginRole().isEmpty()) {
      return List.of();
    }
    return Jdbc.query(
        connection,
        Resources.read("doctor/memberships.sql"),
        row ->
            new Finding(
                Code.ROLE,
                Severity.ERROR,
                Optional.empty(),
                row.getString("name"),
                row.getString("problem"),
                Verdicts.REPAIR,
                List.of(row.getString("statement"))),
        target.loginRole().get());
  }

  /** Within a transaction, with the functions' search_path. */
  List<Finding> accounts() throws SQLException {
    boolean mayRead =
        Jdbc.querySingle(
            connection,
            Resources.read("doctor/may_read_accounts.sql"),
            row -> row.getBoolean("may_read"));
    if (!mayRead) {
      return List.of();
    }
    return Jdbc.query(
        connection,
        Resources.read("doctor/accounts.sql"),
        PeopleCheck::account,
        target.schema(),
        target.privateSchema());
  }

  private static Finding account(ResultSet row) throws SQLException {
    String name = row.getString("name");
    long total = row.getLong("total");
    String statement = row.getString("statement");
    return row.getString("kind").equals("account")
        ? new Finding(
            Code.ACCOUNT,
            Severity.WARNING,
            Optional.empty(),
            "auth.users",
            "account %s has no row in users%s"
                .formatted(name, total == 1 ? "" : ", like %d others".formatted(total - 1)),
            "If it is to have one: " + statement + "; else delete the account in Auth.",
            List.of())
        : new Finding(
            Code.ACCOUNT,
            Severity.INFO,
            Optional.empty(),
            "users",
            "%d rows of users have no account in auth.users: %s%s"
                .formatted(total, name, total > name.split(", ", -1).length ? " and others" : ""),
            "Those of admins, and of users who have or made an agent, are linked once that person has signed"
                + " up: "
                + statement
                + "; others link themselves, with a confirmed e-mail.",
            List.of());
  }
}
