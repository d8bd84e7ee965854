package dev.dovetable.schema.migration;

import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.TestDatabase;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests of migrations have in common: an installation of each test's own. */
abstract class AgentMigrationTest {
  static final AgentExtension FIRST = AgentsOf.visits("001_create_visits.sql");
  static final AgentExtension SECOND =
      AgentsOf.visits("001_create_visits.sql", "002_add_reason.sql");

  AgentsOf agents;
  TestDatabase database;
  DataSource owner;

  @BeforeEach
  void install() throws SQLException {
    agents = AgentsOf.create();
    database = agents.database();
    owner = agents.owner();
  }

  @AfterEach
  void drop() {
    database.close();
  }
}
