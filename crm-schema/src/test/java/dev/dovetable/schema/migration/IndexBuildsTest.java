package dev.dovetable.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.internal.files.Script;
import dev.dovetable.testkit.server.Background;
import dev.dovetable.testkit.server.LockWait;
import dev.dovetable.testkit.server.wire.OneConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions that are a list of indexes: built beside writers where there are rows. */
class IndexBuildsTest {
  private static final Script FIRST =
      Script.of("db/001_columns.sql", "alter table {messages} add column topic text;");
  private static final Script SECOND =
      Script.of(
          "db/002_indexes.sql",
          """
          create index concurrently {messages_topic_idx} on {messages} (topic) where topic is not null;
          create unique index concurrently {messages_topic_id_idx} on {messages} (topic, id);
          """);
  private static final Script THIRD =
      Script.of("db/003_comment.sql", "comment on index {messages_topic_idx} is 'of topics';");
  private static final AgentExtension TOPICS =
      AgentExtension.of("topics", List.of(FIRST, SECOND, THIRD));

  private AgentsOf agents;
  private TestDatabase database;

  @BeforeEach
  void install() throws SQLException {
    agents = AgentsOf.create().make(1, 3);
    database = agents.database();
    for (int agent = 1; agent <= 2; agent++) {
      database.execute(
          """
          insert into agt_%1$d_customers (agent_id, name, phone) values (%1$d, 'x', '1');
          insert into agt_%1$d_messages (customer_id, message, direction)
          select 1, 'text', 'inbound' from generate_series(1, 100);
          """
              .formatted(agent));
    }
  }

  @AfterEach
  void drop() {
    agents.close();
  }

  private List<String> indexes() throws SQLException {
    return database.strings(
        """
        select c.relname || ' ' || i.indisvalid
        from pg_class c
        join pg_index i on i.indexrelid = c.oid
        where c.relname ~ '^agt_[0-9]_messages_topic'
        order by 1
        """);
  }

  private static List<String> all(int... agents) {
    List<String> names = new ArrayList<>();
    for (int agent : agents) {
      names.add("agt_" + agent + "_messages_topic_id_idx true");
      names.add("agt_" + agent + "_messages_topic_idx true");
    }
    return names;
  }

  @Test
  void whoHasWrittenIsNotInTheWayOfOthers() throws Exception {
    AgentMigrations.of(AgentExtension.of("topics", List.of(FIRST))).run(agents.owner());
    try (Connection writer = database.superuser().getConnection();
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("update agt_1_messages set topic = 'a' where id = 1");
      CompletableFuture<AgentMigrationReport> run =
          Background.call(() -> AgentMigrations.of(TOPICS).run(agents.owner()));
      LockWait wait = database.embedded().awaitLockWait();
      assertThat(wait.statement()).contains("create index concurrently");
      // Who comes later doesn't wait behind it.
      database.execute(
          "set lock_timeout = '5s'; update agt_1_messages set topic = 'b' where id = 2");
      writer.commit();

      AgentMigrationReport report = run.get(2, TimeUnit.MINUTES);
      assertThat(report.failures()).isEmpty();
      assertThat(report.results()).hasSize(3);
      assertThat(report.isComplete()).isTrue();
    }
    assertThat(indexes()).containsExactlyElementsOf(all(1, 2, 3));
    assertThat(AgentMigrations.of(TOPICS).isUpToDate(agents.owner())).isTrue();
    agents.make(4, 4);
    assertThat(indexes()).containsExactlyElementsOf(all(1, 2, 3, 4));
    assertThat(CrmDoctor.create().examine(agents.owner()).findings()).isEmpty();
  }

  @Test
  void whatWasCutOffIsBuiltAnew() throws Exception {
    AgentMigrations.of(AgentExtension.of("topics", List.of(FIRST))).run(agents.owner());
    try (Connection writer = database.superuser().getConnection();
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("update agt_1_messages set topic = 'a' where id = 1");
      CompletableFuture<AgentMigrationReport> run =
          Background.call(() -> AgentMigrations.of(TOPICS).run(agents.owner()));
      LockWait wait = database.embedded().awaitLockWait();
      database.execute("select pg_terminate_backend(" + wait.processId() + ")");
      assertThatThrownBy(() -> run.get(2, TimeUnit.MINUTES))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(SchemaException.class);
      writer.commit();
    }
    assertThat(indexes()).contains("agt_1_messages_topic_idx false");

    assertThat(AgentMigrations.of(TOPICS).run(agents.owner()).isComplete()).isTrue();
    assertThat(indexes()).containsExactlyElementsOf(all(1, 2, 3));
    assertThat(
            database.string(
                "select count(*) from crm_private.agent_versions where extension = 'topics'"))
        .isEqualTo("9");
    assertThat(CrmDoctor.create().examine(agents.owner()).findings()).isEmpty();
  }

  @Test
  void whatFailsForAnAgentsRowsIsToldAndTheOthersGoOn() throws SQLException {
    AgentMigrations.of(AgentExtension.of("topics", List.of(FIRST))).run(agents.owner());
    AgentExtension unique =
        AgentExtension.of(
            "topics",
            List.of(
                FIRST,
                Script.of(
                    "db/002_unique.sql",
                    "create unique index concurrently {messages_topic_idx} on {messages} (topic);")));
    database.execute("update agt_1_messages set topic = 'a'");
    AgentMigrations migrations = AgentMigrations.of(unique);
    AgentMigrationReport report = migrations.run(agents.owner());
    assertThat(report.results()).hasSize(3);
    assertThat(report.failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.prefix()).isEqualTo("agt_1");
              assertThat(failure.error().orElseThrow()).contains("23505");
            });

    database.execute("update agt_1_messages set topic = id::text");
    assertThat(migrations.run(agents.owner()).isComplete()).isTrue();
    assertThat(database.string("select count(*) from crm_private.agent_failures")).isEqualTo("0");
  }

  @Test
  void theSessionIsLeftAsItWas() throws SQLException {
    try (Connection connection = agents.owner().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("set lock_timeout = '7s'; set search_path = pg_catalog");
      AgentMigrations.builder(TOPICS).connections(1).build().run(OneConnection.of(connection));
      assertThat(
              TestDatabase.strings(
                  connection,
                  """
                  select concat_ws(' ', current_setting('lock_timeout'), current_setting('search_path'),
                    current_setting('statement_timeout'),
                    (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()))
                  """))
          .containsExactly("7s pg_catalog 0 0");
    }
    assertThat(indexes()).containsExactlyElementsOf(all(1, 2, 3));
  }

  @Test
  void aRunThatIsStoppedLeavesThemToTheNext() throws SQLException {
    AgentMigrationReport report =
        AgentMigrations.builder(TOPICS)
            .stopWhen(() -> true)
            .giveUpAfter(Duration.ofSeconds(1))
            .build()
            .run(agents.owner());
    assertThat(report.remaining()).isEqualTo(3);
    assertThat(AgentMigrations.of(TOPICS).run(agents.owner()).isComplete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create index concurrently on {messages} (id)",
        "create index concurrently messages_idx on {messages} (id)",
        "create index concurrently {messages_a_idx} on messages (id)",
        "create index concurrently {messages_a_idx} on {messages} (absent)",
        "create index concurrently {messages_a_idx} on {messages} (id); select 1",
        "alter table {messages} add column a int; create index concurrently {messages_a_idx} on {messages} (a)",
      })
  void nothingElseStandsInSuchAFile(String sql) throws SQLException {
    assertThatThrownBy(
            () ->
                AgentMigrations.of(
                        AgentExtension.of("other", List.of(Script.of("db/001_other.sql", sql))))
                    .run(agents.owner()))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("db/001_other.sql");
    assertThat(
            database.string(
                "select count(*) from crm_private.agent_templates where extension = 'other'"))
        .isEqualTo("0");
  }
}
