package dev.dovetable.schema.archive;

import static dev.dovetable.schema.archive.OddAgents.export;
import static dev.dovetable.schema.archive.OddAgents.importAs;
import static dev.dovetable.schema.archive.OddAgents.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.fixture.AgentsOf;
import java.io.ByteArrayInputStream;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may take an archive, and who may make an agent of it. */
class ArchiveRightsTest {
  private AgentsOf agents;

  @BeforeEach
  void fill() throws SQLException {
    agents = OddAgents.create();
    OddAgents.fill(agents.database().superuser(), "agt_1", 10);
  }

  @AfterEach
  void close() {
    agents.close();
  }

  private DataSource login(String name, String... roles) {
    return agents
        .database()
        .embedded()
        .dataSource(agents.database().embedded().createLogin(name, roles));
  }

  @Test
  void aMemberOfTheServiceExportsTheSameRowsAndImportsNone() throws Exception {
    DataSource service = login("backend", "authenticated", "service_role");
    byte[] archive = export(service, "agt_1");
    assertThat(rows(archive)).isEqualTo(rows(export(agents.owner(), "agt_1")));

    assertThatThrownBy(() -> importAs(service, "agt_new", archive, user(3)))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("isn't the one that installed");
    assertThat(agents.database().string("select count(*)::text from agents")).isEqualTo("2");
    // Nor does anything stay of its locks.
    assertThat(
            agents
                .database()
                .strings("select delete_agent(id)::text from agents where agent_prefix = 'agt_1'"))
        .hasSize(1);
  }

  private static Map<String, ArchivedTable> rows(byte[] archive) {
    Map<String, ArchivedTable> tables = new TreeMap<>();
    OddAgents.ARCHIVE
        .check(new ByteArrayInputStream(archive))
        .tables()
        .forEach(table -> tables.put(table.name(), table));
    return tables;
  }

  @Test
  void whoeverIsSignedInExportsNothing() {
    for (DataSource refused :
        new DataSource[] {
          login("signed_in", "authenticated"), login("visitor", "anon"), login("stranger")
        }) {
      assertThatThrownBy(() -> export(refused, "agt_1"))
          .isInstanceOfSatisfying(
              SchemaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MISSING_RIGHTS));
    }
  }

  @Test
  void whatTheServiceMayNotReadIsNotLeftOut() throws SQLException {
    agents.database().execute("revoke select on agt_1_odd_counts from service_role");
    assertThatThrownBy(() -> export(login("service", "service_role"), "agt_1"))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("may not read table odd_counts");
    assertThat(export(agents.owner(), "agt_1")).isNotEmpty();
  }
}
