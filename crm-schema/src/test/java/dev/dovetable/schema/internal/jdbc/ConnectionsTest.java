package dev.dovetable.schema.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentMigrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Where no connection can be had, whatever the reason, nothing more is said of the schema. */
class ConnectionsTest {

  private static final class Refusing extends PGSimpleDataSource {
    private static final long serialVersionUID = 1;

    private final transient Supplier<Exception> failure;

    Refusing(Supplier<Exception> failure) {
      this.failure = failure;
    }

    @Override
    public Connection getConnection() throws SQLException {
      Exception e = failure.get();
      if (e instanceof SQLException refused) {
        throw refused;
      }
      throw (RuntimeException) e;
    }
  }

  /** A wrong password, no such database; a pool may wrap what it was told. */
  @ParameterizedTest
  @ValueSource(strings = {"28P01", "28000", "3D000"})
  void whoeverMayNotLogInIsToldSo(String state) {
    SQLException told = new SQLException("no entry", state);
    for (Exception thrown : List.of(told, new IllegalStateException("can't be filled", told))) {
      for (ThrowingCallable call : uses(new Refusing(() -> thrown))) {
        assertThatThrownBy(call)
            .isInstanceOfSatisfying(
                SchemaException.class,
                e -> {
                  assertThat(e.reason()).isEqualTo(Reason.LOGIN_REFUSED);
                  assertThat(e.problem()).endsWith("no entry (SQLSTATE " + state + ").");
                  assertThat(e.remedy()).contains("password");
                });
      }
    }
  }

  /** A used-up pool, a server that starts, one that is full. */
  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"57P03", "53300"})
  void whoeverRefusesIsUnreachable(String state) {
    for (ThrowingCallable call : uses(new Refusing(() -> new SQLException("none left", state)))) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              SchemaException.class,
              e -> {
                assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE);
                assertThat(e.problem())
                    .startsWith("Could not ")
                    .endsWith("none left" + (state == null ? "." : " (SQLSTATE " + state + ")."));
                assertThat(e.remedy()).startsWith("Nothing was changed").contains("pool");
                assertThat(e.getCause()).hasMessage("none left");
              });
    }
  }

  @Test
  void aPoolThatFailsInItsOwnWayIsUnreachableToo() {
    for (ThrowingCallable call :
        uses(new Refusing(() -> new IllegalStateException("can't be filled.")))) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              SchemaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE))
          .hasMessageContaining("can't be filled. Nothing was changed");
    }
  }

  private static List<ThrowingCallable> uses(PGSimpleDataSource refusing) {
    return List.of(
        () -> CrmSchema.create().install(refusing),
        () -> CrmSchema.create().status(refusing),
        () -> AgentMigrations.of().isUpToDate(refusing),
        () -> CrmDoctor.create().examine(refusing));
  }
}
