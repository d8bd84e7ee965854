package dev.dovetable.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.internal.files.Script;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a run goes: what holds it back or ends it, and agents that are sent together. */
class AgentMigrationRunTest extends AgentMigrationTest {
  @Test
  void stopsAtTheFirstFailureIfAskedTo() throws SQLException {
    agents.make(1, 20);
    database.execute("create table agt_1_visits (id int)");

    AgentMigrationReport report =
        AgentMigrations.builder(FIRST).connections(1).stopAtFirstFailure().build().run(owner);

    assertThat(report.results()).hasSize(1);
    assertThat(report.remaining()).isEqualTo(19);
  }

  @Test
  void stopsWhenToldAndTheNextRunDoesTheRest() throws SQLException {
    agents.make(1, 12);
    AtomicInteger done = new AtomicInteger();
    List<String> heard = new ArrayList<>();

    AgentMigrationReport report =
        AgentMigrations.builder(FIRST)
            .connections(2)
            .listener(
                (result, count, total) -> {
                  done.incrementAndGet();
                  heard.add(count + "/" + total);
                })
            .stopWhen(() -> done.get() >= 5)
            .build()
            .run(owner);

    assertThat(report.results()).hasSizeBetween(5, 6);
    assertThat(report.remaining()).isEqualTo(12 - report.results().size());
    assertThat(heard).hasSameSizeAs(report.results()).startsWith("1/12", "2/12");
    assertThat(AgentMigrations.of(FIRST).run(owner).results()).hasSize(report.remaining());
  }

  @Test
  void aPlanShowsWhatIsRun() throws SQLException {
    agents.make(List.of("current")); // so that {date} is to be quoted
    String template =
        """
        create table {date} (
          id integer primary key,
          customer_id integer references {customers} (id),
          prefix text default {agent_prefix},
          agent_id bigint default {agent_id},
          updated_at timestamp
        );
        create trigger touch before update on {date}
          for each row execute function {crm}.touch_updated_at();
        """;
    AgentMigrations migrations =
        AgentMigrations.of(
            AgentExtension.of("dates", List.of(Script.of("001_create_dates.sql", template))));
    String made =
        """
        select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = '"current_date"'::regclass
        union select pg_get_constraintdef(oid) from pg_constraint
        where conrelid = '"current_date"'::regclass
        union select pg_get_triggerdef(oid) from pg_trigger
        where tgrelid = '"current_date"'::regclass and not tgisinternal
        order by 1
        """;

    List<String> byHand;
    try (Connection connection = owner.getConnection()) {
      connection.setAutoCommit(false);
      Jdbc.execute(connection, migrations.plan(owner).sql());
      byHand = TestDatabase.strings(connection, made);
      connection.rollback();
    }
    migrations.run(owner);

    assertThat(database.strings(made)).isEqualTo(byHand).hasSizeGreaterThanOrEqualTo(5);
  }

  @Test
  void templatesMayCallTheLibrarysTriggers() throws SQLException {
    agents.make(1, 1);
    AgentMigrations.of(
            AgentsOf.visits("001_create_visits.sql", "002_add_reason.sql", "003_add_place.sql"))
        .run(owner);
    database.execute("insert into agt_1_customers (agent_id, name, phone) values (1, 'Ada', '1')");

    database.execute(
        "insert into agt_1_visits (customer_id, day) values (1, current_date);"
            + "insert into agt_1_visits_notes (visit_id, note) values (1, 'late'), (1, 'ill');"
            + "update agt_1_visits_notes set note = 'well' where id = 2");

    assertThat(database.strings("select note from agt_1_visits_notes where updated_at is not null"))
        .containsExactly("well");
  }

  @Test
  void noMoreAgentsAreBegunInASecondThanAllowed() throws SQLException {
    agents.make(1, 5);

    AgentMigrationReport report =
        AgentMigrations.builder(FIRST).agentsPerSecond(20).build().run(owner);

    assertThat(report.isComplete()).isTrue();
    // The fifth begins when four intervals have passed. It may be later, but never sooner.
    assertThat(report.duration()).isGreaterThanOrEqualTo(Duration.ofMillis(200));
  }

  @Test
  void aMigrationThatTakesTooLongFails() throws SQLException {
    agents.make(1, 1);
    AgentExtension endless =
        AgentExtension.of(
            "endless",
            List.of(
                Script.of(
                    "db/001_x.sql",
                    "select count(*) from {customers} c, generate_series(1, 10000000000 + c.id) as n;")));
    database.execute("insert into agt_1_customers (agent_id, name, phone) values (1, 'x', '1')");

    AgentMigrationReport report =
        AgentMigrations.builder(endless).statementTimeout(Duration.ofMillis(50)).build().run(owner);

    assertThat(report.failures())
        .singleElement()
        .satisfies(failure -> assertThat(failure.error().orElseThrow()).contains("57014"));
  }

  @Test
  void anInterruptEndsTheRunAfterTheTransactionsInFlight() throws SQLException {
    agents.make(1, 6);
    Thread runner = Thread.currentThread();

    AgentMigrationReport report =
        AgentMigrations.builder(FIRST)
            .connections(1)
            .listener((result, done, total) -> runner.interrupt())
            .build()
            .run(owner);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(report.results()).hasSizeBetween(1, 5);
    assertThat(report.remaining()).isEqualTo(6 - report.results().size());
  }

  @Test
  void whatTheListenerThrowsEndsTheRun() throws SQLException {
    agents.make(1, 3);

    assertThatThrownBy(
            () ->
                AgentMigrations.builder(FIRST)
                    .connections(1)
                    .listener(
                        (result, done, total) -> {
                          throw new IllegalStateException("the listener's");
                        })
                    .build()
                    .run(owner))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the listener's");
    assertThat(AgentMigrations.of(FIRST).run(owner).results()).hasSize(2);
  }

  /** As Kotlin's lambdas throw them: nobody waits for a worker that is gone. */
  @Test
  @Timeout(60)
  void aCheckedExceptionOfTheListenerEndsTheRunToo() throws SQLException {
    agents.make(1, 3);

    assertThatThrownBy(
            () ->
                AgentMigrations.builder(FIRST)
                    .connections(1)
                    .listener(
                        (result, done, total) ->
                            AgentMigrationRunTest.<RuntimeException>sneak(
                                new IOException("the listener's")))
                    .build()
                    .run(owner))
        .isInstanceOf(IOException.class)
        .hasMessage("the listener's");
    assertThat(AgentMigrations.of(FIRST).run(owner).results()).hasSize(2);
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable thrown) throws E {
    throw (E) thrown;
  }
}
