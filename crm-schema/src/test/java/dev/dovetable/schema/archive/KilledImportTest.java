package dev.dovetable.schema.archive;

import static dev.dovetable.schema.archive.OddAgents.ARCHIVE;
import static dev.dovetable.schema.archive.OddAgents.export;
import static dev.dovetable.schema.archive.OddAgents.hashes;
import static dev.dovetable.schema.archive.OddAgents.importAs;
import static dev.dovetable.schema.archive.OddAgents.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.doctor.Finding;
import dev.dovetable.schema.fixture.AgentsOf;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An import that ends at any byte leaves no agent with some of its rows, and is done again. */
class KilledImportTest {
  private static final long SEED = 20261130;
  private static final int KILLS = 6;

  private AgentsOf agents;
  private byte[] archive;

  @BeforeEach
  void fill() throws SQLException {
    agents = OddAgents.create();
    OddAgents.fill(agents.database().superuser(), "agt_1", 2_000);
    archive = export(agents.owner(), "agt_1");
  }

  @AfterEach
  void close() {
    agents.close();
  }

  /** Has all sessions of the importer's end when a byte is read. */
  private InputStream killingAt(int position) {
    return new FilterInputStream(new ByteArrayInputStream(archive)) {
      private int read;

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = super.read(buffer, offset, Math.min(length, 4096));
        if (read <= position && read + n > position) {
          try {
            agents
                .database()
                .strings(
                    "select pg_terminate_backend(pid, 60000)::text from pg_stat_activity"
                        + " where datname = current_database() and usename = 'installer'");
          } catch (SQLException e) {
            throw new IOException(e);
          }
        }
        read += n;
        return n;
      }
    };
  }

  @Test
  void leavesNoAgentWithSomeOfItsRows() throws SQLException {
    Random random = new Random(SEED);
    for (int kill = 0; kill < KILLS; kill++) {
      int position = 5_000 + random.nextInt(archive.length - 10_000);
      assertThatThrownBy(
              () ->
                  ARCHIVE.importAs(
                      agents.owner(), "shop_b", killingAt(position), ImportOptions.user(user(3))))
          .as("killed at %d", position)
          .isInstanceOf(RuntimeException.class);
      assertThat(
              agents
                  .database()
                  .strings("select user_id::text from agents where agent_prefix = 'shop_b'"))
          .containsOnlyNulls();
      List<Finding> findings =
          CrmDoctor.create().examine(agents.owner()).findings().stream()
              .filter(finding -> finding.code() == Finding.Code.LEDGER)
              .toList();
      assertThat(findings)
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.prefix()).contains("shop_b");
                assertThat(finding.problem()).contains("import");
              });
      hashes(agents.database().superuser(), "public", "shop_b")
          .values()
          .forEach(hash -> assertThat(hash).isEqualTo("0 0"));
    }
    importAs(agents.owner(), "shop_b", archive, user(3));
    assertThat(hashes(agents.database().superuser(), "public", "shop_b"))
        .isEqualTo(hashes(agents.database().superuser(), "public", "agt_1"));
    assertThat(CrmDoctor.create().examine(agents.owner()).findings()).isEmpty();
  }
}
