package dev.dovetable.spring.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.spring.fixture.Running;
import dev.dovetable.spring.fixture.Service;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

class CrmHealthTest extends Running {
  @Autowired private HealthIndicator crmHealthIndicator;

  @Test
  void tellsOfSchemaAgentsAndPool() {
    Health health = crmHealthIndicator.health();

    assertThat(health.getStatus()).isEqualTo(Status.UP);
    assertThat(health.getDetails())
        .containsEntry("schema", Service.SCHEMA)
        .containsEntry("state", "CURRENT")
        .containsEntry("agents", "up to date")
        .containsEntry("poolMaximum", 5)
        .containsKeys("poolActive", "poolIdle", "poolWaiting");
  }

  @Test
  void theDatabaseIsAskedOnceInAWhile() throws SQLException {
    PostgresDatabase database = PostgresServer.shared().createDatabase();
    CrmSchema schema = CrmSchema.create();
    AtomicLong now = new AtomicLong();
    CrmState state =
        new CrmState(
            schema, AgentMigrations.of(), database.dataSource(), Duration.ofSeconds(30), now::get);

    assertThat(state.look().code()).isEqualTo(CrmState.Code.OUT_OF_SERVICE);
    schema.install(database.dataSource());
    now.set(Duration.ofSeconds(29).toNanos());
    assertThat(state.look().details()).containsEntry("state", "EMPTY");
    now.set(Duration.ofSeconds(30).toNanos());
    assertThat(state.look().code()).isEqualTo(CrmState.Code.UP);
    execute(database.dataSource(), "drop table users cascade");
    now.set(Duration.ofSeconds(60).toNanos());
    assertThat(state.look().code()).isEqualTo(CrmState.Code.OUT_OF_SERVICE);
  }

  @Test
  void isDownWithoutADatabase() {
    PostgresDatabase database = PostgresServer.shared().createDatabase();
    DataSource gone = database.dataSource();
    database.close();
    CrmState state =
        new CrmState(
            CrmSchema.create(), AgentMigrations.of(), gone, Duration.ZERO, System::nanoTime);

    CrmState.Answer answer = state.look();

    assertThat(answer.code()).isEqualTo(CrmState.Code.DOWN);
    assertThat(answer.details()).containsKey("problem");
    assertThat(new Boot3HealthIndicator(state).health().getStatus().getCode()).isEqualTo("DOWN");
  }

  private static void execute(DataSource dataSource, String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
