package dev.dovetable.schema.doctor;

import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.doctor.Finding.Severity;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks for ways past row level security that leave the tables and their policies as they were. */
final class BypassCheck {
  private final Connection connection;
  private final Target target;

  BypassCheck(Connection connection, Target target) {
    this.connection = connection;
    this.target = target;
  }

  /** Within a transaction, with the functions' search_path. Two round trips. */
  List<Finding> run() throws SQLException {
    List<Finding> findings =
        new ArrayList<>(
            Jdbc.query(connection, Resources.read("doctor/auth_functions.sql"), BypassCheck::read));
    findings.addAll(tablesAndViews());
    return findings;
  }

  /** Within a transaction, with the functions' search_path. */
  List<Finding> tablesAndViews() throws SQLException {
    return Jdbc.query(
        connection,
        Resources.read("doctor/bypasses.sql"),
        BypassCheck::read,
        target.schema(),
        target.privateSchema());
  }

  private static Finding read(ResultSet row) throws SQLException {
    List<String> repair = List.of((String[]) row.getArray("statements").getArray());
    return switch (row.getString("kind")) {
      case "function" ->
          finding(
              row,
              Code.FUNCTION,
              Severity.ERROR,
              repair.isEmpty() ? "Have its owner run supabase_compat.sql." : Verdicts.REPAIR,
              repair);
      case "stranger" ->
          finding(
              row,
              Code.FUNCTION,
              Severity.WARNING,
              "If it is your own, look that it gives the signed-in user's; else put in its place what"
                  + " supabase_compat.sql makes.",
              repair);
      case "parent" ->
          finding(
              row,
              Code.EXTRA_OBJECT,
              Severity.ERROR,
              repair.isEmpty() ? "Have the other table's owner detach it." : Verdicts.REPAIR,
              repair);
      case "child" ->
          finding(
              row,
              Code.EXTRA_OBJECT,
              Severity.ERROR,
              "Look what rows the other table has; then take it away: alter table … no inherit …, or"
                  + " detach it.",
              repair);
      case "view" -> finding(row, Code.HOST_TABLE, Severity.WARNING, ofView(), repair);
      default -> finding(row, Code.HOST_TABLE, Severity.INFO, ofView(), repair);
    };
  }

  private static String ofView() {
    return "If these rows aren't meant for all of them: alter view … set (security_invoker = true), or"
        + " revoke it.";
  }

  private static Finding finding(
      ResultSet row, Code code, Severity severity, String remedy, List<String> repair)
      throws SQLException {
    return new Finding(
        code,
        severity,
        Optional.ofNullable(row.getString("prefix")),
        row.getString("name"),
        row.getString("problem"),
        remedy,
        repair);
  }
}
