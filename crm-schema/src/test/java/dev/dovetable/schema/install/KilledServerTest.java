package dev.dovetable.schema.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.LongForm;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrationReport;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.testkit.server.Background;
import dev.dovetable.testkit.server.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * All processes of the server are killed at random moments of a run. What was reported is there
 * after its recovery, nothing is applied half or twice, and the next run goes on.
 */
@Tag("slow")
class KilledServerTest {
  private static final int KILLS = LongForm.orElse(20, 8);
  private static final int AGENTS = 3 * KILLS;
  private static final long SEED = 20261125;

  @TempDir Path directory;

  private final PGSimpleDataSource dataSource = new PGSimpleDataSource();
  private int port;
  private PostgresServer server;

  @BeforeEach
  void start() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    server = startServer();
    dataSource.setUrl(
        "jdbc:postgresql://localhost:%d/postgres?user=%s".formatted(port, server.administrator()));
    CrmSchema.create().install(dataSource);
  }

  /** The kernel keeps what killed processes have written, so there is no need to flush it. */
  private PostgresServer startServer() {
    return PostgresServer.builder()
        .keep(directory.resolve("data"))
        .port(port)
        .setting("synchronous_commit", "on")
        .setting("full_page_writes", "on")
        .start();
  }

  @AfterEach
  void stop() throws Exception {
    kill();
    server.close();
  }

  @Test
  @Timeout(600)
  void theServerIsKilled() throws Exception {
    makeAgents();
    AgentExtension visits = AgentsOf.visits("001_create_visits.sql", "002_add_reason.sql");
    Random random = new Random(SEED);
    Queue<String> reported = new ConcurrentLinkedQueue<>();
    int interrupted = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      AgentMigrations migrations =
          AgentMigrations.builder(visits)
              .connections(3)
              .agentsPerSecond(20) // so that one run lasts for all kills, on a busy machine too
              .listener((result, done, total) -> reported.add(result.prefix()))
              .build();
      int before = reported.size();
      int until = random.nextInt(2 * AGENTS / KILLS);
      CompletableFuture<AgentMigrationReport> run =
          Background.call(() -> migrations.run(dataSource));
      while (reported.size() < before + until && !run.isDone()) {
        Thread.sleep(1);
      }
      Thread.sleep(random.nextInt(30));
      interrupted += run.isDone() ? 0 : 1;
      kill();
      run.handle((report, failure) -> null).get(2, TimeUnit.MINUTES);
      server.close();
      server = startServer();
      assertNothingIsHalfDone(reported);
    }
    assertThat(interrupted).as("runs that were under way").isGreaterThan(KILLS / 2);

    assertThat(AgentMigrations.of(visits).run(dataSource).isComplete()).isTrue();

    assertThat(
            strings(
                "select extension || ' ' || version || ' ' || count(*)"
                    + " from crm_private.agent_versions group by extension, version order by 1"))
        .containsExactly("crm 1 " + AGENTS, "visits 1 " + AGENTS, "visits 2 " + AGENTS);
    // Version 2 inserts a row for each customer: a second time would show.
    for (int n = 1; n <= AGENTS; n++) {
      assertThat(strings("select count(*) from agt_" + n + "_visits")).containsExactly("1");
    }
  }

  private void makeAgents() throws SQLException {
    strings(
        "insert into users (id, name, email, role)"
            + " select %s, 'U', n || '@example.com', case n when 0 then 'admin' else 'agent' end::role"
                .formatted(AgentsOf.user("n"))
            + " from generate_series(0, %d) n returning 1".formatted(AGENTS));
    for (int n = 1; n <= AGENTS; n++) {
      strings(
          "select create_agent(%s, 'agt_%d', %s)"
              .formatted(AgentsOf.user("" + n), n, AgentsOf.user("0")));
      strings(
          "insert into agt_%1$d_customers (agent_id, name, phone) values (%1$d, 'A', '1') returning 1"
              .formatted(n));
    }
  }

  private void assertNothingIsHalfDone(Queue<String> reported) throws SQLException {
    assertThat(
            strings(
                """
                select a.agent_prefix
                from agents a
                left join crm_private.agent_versions v on v.agent_id = a.id and v.extension = 'visits'
                group by a.agent_prefix
                having count(v.version) not in (0, 2)
                  or (count(v.version) = 2) <> (to_regclass(a.agent_prefix || '_visits') is not null)
                  or (count(v.version) = 2) <> (to_regclass(a.agent_prefix || '_reasons') is not null)
                """))
        .isEmpty();
    assertThat(
            strings(
                "select agent_prefix from agents join crm_private.agent_versions v"
                    + " on v.agent_id = agents.id and v.extension = 'visits' and v.version = 2"))
        .as("what was reported as done")
        .containsAll(reported);
  }

  private void kill() throws IOException, InterruptedException {
    long process = Long.parseLong(server.stopCommand().replaceAll("\\D", ""));
    ProcessHandle postmaster = ProcessHandle.of(process).orElseThrow();
    List<ProcessHandle> all = postmaster.descendants().toList();
    postmaster.destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
    postmaster.onExit().join();
    all.forEach(one -> one.onExit().join());
  }

  private List<String> strings(String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }
}
