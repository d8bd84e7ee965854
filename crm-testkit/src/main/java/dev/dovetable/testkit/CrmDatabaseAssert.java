package dev.dovetable.testkit;

import dev.dovetable.core.agents.Agent;
import dev.dovetable.testkit.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/** Assertions about a database and what is installed in it. Belongs to one thread. */
public final class CrmDatabaseAssert extends AbstractAssert<CrmDatabaseAssert, CrmDatabase> {

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
        query("tables_without_row_security.sql", actual.schema(), actual.privateSchema()));
  }

  /**
   * Every agent has its four tables and those of its extensions, and no such table is without its
   * agent: left behind, it would block the prefix for ever.
   *
   * @return this assertion
   */
  public CrmDatabaseAssert hasNoOrphanedTables() {
    isNotNull();
    return isEmpty(
        "Expected each agent to have its tables and no others, but", query("orphaned_tables.sql"));
  }

  /**
   * The CRM is as the installer leaves it, the tables of all agents among it: columns, constraints,
   * indexes, policies, triggers, functions and privileges. What the application has added beside
   * the CRM's own objects is not looked at; what it has added to them is found. What comes with an
   * {@link dev.dovetable.schema.migration.AgentExtension} belongs to the CRM: an agent that misses
   * a version of it is found, too. Makes another database with the same extensions and agents to
   * compare with.
   *
   * @return this assertion
   */
  public CrmDatabaseAssert matchesSchema() {
    isNotNull();
    try (CrmDatabase fresh = actual.another()) {
      registerTemplatesOf(actual, fresh);
      makeAgentsLike(actual.agents().all(), fresh);
      return isEmpty(
          "Expected the schema as installed, but",
          Catalog.of(actual).differencesFrom(Catalog.of(fresh)));
    } catch (SQLException e) {
      throw new IllegalStateException("the catalogues could not be read", e);
    }
  }

  /** Also of extensions that the test has registered itself. */
  private static void registerTemplatesOf(CrmDatabase actual, CrmDatabase fresh)
      throws SQLException {
    try (Connection from = actual.superuser().getConnection();
        Connection to = fresh.superuser().getConnection()) {
      actual.usePath(from);
      fresh.usePath(to);
      try (PreparedStatement query = from.prepareStatement(Sql.text("templates.sql"));
          ResultSet templates = query.executeQuery();
          PreparedStatement insert = to.prepareStatement(Sql.text("insert_template.sql"))) {
        int columns = templates.getMetaData().getColumnCount();
        while (templates.next()) {
          for (int column = 1; column <= columns; column++) {
            insert.setObject(column, templates.getObject(column));
          }
          insert.execute();
        }
      }
    }
  }

  private static void makeAgentsLike(List<Agent> agents, CrmDatabase fresh) throws SQLException {
    try (Connection connection = fresh.superuser().getConnection()) {
      fresh.usePath(connection);
      try (PreparedStatement insert =
          connection.prepareStatement(Sql.text("insert_agent_like.sql"))) {
        for (Agent agent : agents) {
          insert.setString(1, agent.prefix());
          insert.setLong(2, agent.id());
          insert.setString(3, agent.prefix());
          insert.execute();
        }
      }
    }
  }

  private CrmDatabaseAssert isEmpty(String expectation, List<String> found) {
    if (!found.isEmpty()) {
      failWithMessage("%s:%s", expectation, "\n  " + String.join("\n  ", found));
    }
    return this;
  }

  private List<String> query(String file, String... values) {
    try (Connection connection = actual.superuser().getConnection()) {
      actual.usePath(connection);
      try (PreparedStatement query = connection.prepareStatement(Sql.text(file))) {
        for (int i = 0; i < values.length; i++) {
          query.setString(i + 1, values[i]);
        }
        List<String> found = new ArrayList<>();
        try (ResultSet rows = query.executeQuery()) {
          while (rows.next()) {
            found.add(rows.getString(1));
          }
        }
        return found;
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the catalogues could not be read", e);
    }
  }
}
