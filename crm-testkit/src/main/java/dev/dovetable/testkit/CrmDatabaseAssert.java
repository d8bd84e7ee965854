package dev.dovetable.testkit;

import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.doctor.Finding;
import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.doctor.OrderTotals;
import dev.dovetable.testkit.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.assertj.core.api.AbstractAssert;

/** Assertions about a database and what is installed in it. Belongs to one thread. */
public final class CrmDatabaseAssert extends AbstractAssert<CrmDatabaseAssert, CrmDatabase> {
  private static final Set<Code> LEFT_BEHIND =
      EnumSet.of(Code.ORPHANED_TABLE, Code.ORPHANED_SEQUENCE);

  private static final Set<Code> LACKING = EnumSet.of(Code.AGENT_WITHOUT_TABLES, Code.TABLE);

  /** About the server, the application's own tables, and data. */
  private static final Set<Code> NOT_OF_THE_SCHEMA =
      EnumSet.of(
          Code.ACCOUNT,
          Code.CAPACITY_LOCKS,
          Code.CAPACITY_MEMORY,
          Code.HOST_TABLE,
          Code.ORDER_TOTAL);

  CrmDatabaseAssert(CrmDatabase actual) {
    super(actual, CrmDatabaseAssert.class);
  }

  /**
   * Row level security is on for every table in the CRM's schemas, the application's own there
   * among them: who can read the schema can read a table without it.
   *
   * @return this assertion
   */
  public CrmDatabaseAssert hasRowSecurityEverywhere() {
    isNotNull();
    return isEmpty(
        "Expected row level security on every table, but it is off for",
        tablesWithoutRowSecurity());
  }

  /**
   * Every agent has its four tables and those of its extensions, and no such table or sequence is
   * without its agent: left behind, it would block the prefix for ever. What {@link CrmDoctor}
   * finds of that is told.
   *
   * @return this assertion
   */
  public CrmDatabaseAssert hasNoOrphanedTables() {
    isNotNull();
    return isEmpty(
        "Expected each agent to have its tables and no others, but",
        findings(
            finding ->
                LEFT_BEHIND.contains(finding.code())
                    || LACKING.contains(finding.code())
                    || isMissingTableOfExtension(finding)));
  }

  /**
   * The CRM is as the installer leaves it, the tables of all agents among it: columns, constraints,
   * indexes, policies, triggers, functions and privileges. {@link CrmDoctor} compares, and whatever
   * it finds fails, of each severity, but what is about the server, about data, about the
   * application's tables beside the CRM's own, and about tables of agents that are gone. What the
   * application has added to the CRM's own objects is found. What comes with an {@link
   * dev.dovetable.schema.migration.AgentExtension} belongs to the CRM: an agent that misses a
   * version of it is found, too.
   *
   * @return this assertion
   */
  public CrmDatabaseAssert matchesSchema() {
    isNotNull();
    return isEmpty(
        "Expected the schema as installed, but",
        findings(
            finding ->
                !LEFT_BEHIND.contains(finding.code())
                    && !NOT_OF_THE_SCHEMA.contains(finding.code())));
  }

  /** What else a ledger can claim has its object, or is about the ledger itself. */
  private static boolean isMissingTableOfExtension(Finding finding) {
    return finding.code() == Code.LEDGER && finding.problem().startsWith("table is missing");
  }

  private List<String> findings(Predicate<Finding> counts) {
    return CrmDoctor.builder()
        .schema(actual.schema())
        .orderTotals(OrderTotals.NONE)
        .build()
        .examine(actual.superuser())
        .findings()
        .stream()
        .filter(counts)
        .map(
            finding ->
                finding.code()
                    + " "
                    + finding.object()
                    + ": "
                    + finding.problem()
                    + "\n    "
                    + finding.remedy())
        .toList();
  }

  private List<String> tablesWithoutRowSecurity() {
    try (Connection connection = actual.superuser().getConnection();
        PreparedStatement query =
            connection.prepareStatement(Sql.text("tables_without_row_security.sql"))) {
      query.setString(1, actual.schema());
      query.setString(2, actual.privateSchema());
      List<String> found = new ArrayList<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException("the catalogues could not be read", e);
    }
  }

  private CrmDatabaseAssert isEmpty(String expectation, List<String> found) {
    if (!found.isEmpty()) {
      failWithMessage("%s:%s", expectation, "\n  " + String.join("\n  ", found));
    }
    return this;
  }
}
