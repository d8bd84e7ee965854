package dev.dovetable.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.LongForm;
import dev.dovetable.testkit.server.Background;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever dies in the middle of a run: nothing is applied twice or half, and the next one
 * completes.
 */
class KilledMigrationTest {
  private static final int KILLS = 20;

  /** Each takes a JVM's start. */
  private static final int JVM_KILLS = LongForm.orElse(KILLS, 8);

  private static final int AGENTS_PER_KILL = 6;
  private static final long SEED = 20261122;

  @Test
  @Timeout(300)
  void theJvmIsKilled() throws Exception {
    try (AgentsOf agents = AgentsOf.create()) {
      Random random = new Random(SEED);
      AgentExtension visits = AgentsOf.visits("001_create_visits.sql", "002_add_reason.sql");
      int migratedBeforeKills = 0;
      for (int kill = 0; kill < JVM_KILLS; kill++) {
        // Made without the extension, as the agents of an older release are.
        agents
            .database()
            .execute("delete from crm_private.agent_templates where extension = 'visits'");
        agents.make(1 + kill * AGENTS_PER_KILL, (kill + 1) * AGENTS_PER_KILL);
        migratedBeforeKills += runAndKill(agents, random);

        assertThat(agents.halfDone("visits", 1)).isEmpty();
        assertThat(agents.halfDone("visits", 2)).isEmpty();
      }
      assertThat(migratedBeforeKills).isPositive();

      assertThat(AgentMigrations.of(visits).run(agents.owner()).isComplete()).isTrue();
      assertThat(
              agents
                  .database()
                  .string(
                      "select count(*)::text from crm_private.agent_versions where extension = 'visits'"
                          + " and to_regclass('agt_' || agent_id || '_visits') is not null"))
          .isEqualTo(Integer.toString(2 * JVM_KILLS * AGENTS_PER_KILL));
    }
  }

  @Test
  @Timeout(300)
  void theSessionsAreKilled() throws Exception {
    try (AgentsOf agents = AgentsOf.create()) {
      agents.make(1, 60);
      AgentMigrations migrations =
          AgentMigrations.builder(AgentsOf.visits("001_create_visits.sql", "002_add_reason.sql"))
              .connections(3)
              .build();
      Random random = new Random(SEED);
      for (int kill = 0; kill < KILLS && !migrations.isUpToDate(agents.owner()); kill++) {
        CompletableFuture<AgentMigrationReport> run =
            Background.call(() -> migrations.run(agents.owner()));
        Thread.sleep(random.nextInt(150));
        agents
            .database()
            .execute(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                    + " where datname = current_database() and pid <> pg_backend_pid()");
        run.handle((report, failure) -> null).get(2, TimeUnit.MINUTES);
        assertThat(agents.halfDone("visits", 1)).isEmpty();
      }

      migrations.run(agents.owner());
      assertThat(migrations.isUpToDate(agents.owner())).isTrue();
      assertThat(agents.halfDone("visits", 2)).isEmpty();
    }
  }

  @Test
  void aLostConnectionEndsTheRunAndSaysSo() throws Exception {
    try (AgentsOf agents = AgentsOf.create()) {
      agents.make(1, 3);
      AgentMigrations migrations =
          AgentMigrations.builder(AgentsOf.visits("001_create_visits.sql"))
              .connections(1)
              .listener((result, done, total) -> killOthers(agents))
              .build();

      assertThatThrownBy(() -> migrations.run(agents.owner()))
          .isInstanceOf(SchemaException.class)
          .extracting("reason")
          .isEqualTo(SchemaException.Reason.UNREACHABLE);

      assertThat(agents.halfDone("visits", 1)).isEmpty();
      assertThat(
              AgentMigrations.of(AgentsOf.visits("001_create_visits.sql"))
                  .run(agents.owner())
                  .results())
          .hasSize(2);
    }
  }

  private static void killOthers(AgentsOf agents) {
    try {
      agents
          .database()
          .execute(
              "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                  + " where datname = current_database() and pid <> pg_backend_pid()");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Kills it after a random number of agents and a random moment; tells how many it had done. */
  private static int runAndKill(AgentsOf agents, Random random)
      throws IOException, InterruptedException, SQLException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                MigrationProcess.class.getName(),
                agents.ownerUrl())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int done = 0;
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      int until = random.nextInt(AGENTS_PER_KILL);
      while (done < until && output.readLine() != null) {
        done++;
      }
      Thread.sleep(random.nextInt(30));
    } finally {
      process.destroyForcibly().waitFor();
    }
    // Its sessions may be about to commit: they end first.
    agents
        .database()
        .execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                + " where datname = current_database() and pid <> pg_backend_pid()");
    return done;
  }
}
