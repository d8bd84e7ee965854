package dev.dovetable.schema.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.fixture.CatalogSnapshot;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.install.InstallReport.Outcome;
import dev.dovetable.schema.install.SchemaStatus.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a connection that a caller hands in. */
class CallerTransactionTest {
  private static final String SETTINGS =
      "select concat_ws('|', current_setting('search_path'), current_setting('client_min_messages'),"
          + " current_setting('lock_timeout'), current_setting('statement_timeout'),"
          + " current_setting('transaction_isolation'), current_setting('transaction_read_only'))";

  private final CrmSchema schema = CrmSchema.create();
  private TestDatabase database;
  private Connection connection;

  @BeforeEach
  void connect() throws SQLException {
    database = TestDatabase.create();
    database.execute("create schema host");
    connection = database.superuser().getConnection();
    execute("set search_path to host, public");
    execute("set client_min_messages to 'error'");
    execute("set lock_timeout to '7s'");
    execute("set statement_timeout to '8s'");
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
    database.close();
  }

  @Test
  void autoCommitAndSettingsAreAsFound() throws SQLException {
    String settings = string(SETTINGS);

    assertThat(schema.status(connection).state()).isEqualTo(State.EMPTY);
    assertThat(schema.install(connection).outcome()).isEqualTo(Outcome.INSTALLED);
    assertThat(schema.status(connection).state()).isEqualTo(State.CURRENT);
    assertThat(schema.install(connection).outcome()).isEqualTo(Outcome.ALREADY_CURRENT);

    assertThat(connection.getAutoCommit()).isTrue();
    assertThat(string(SETTINGS)).isEqualTo(settings);
    assertThat(schema.status(database.superuser()).state()).isEqualTo(State.CURRENT);
  }

  @Test
  void theCallerCommits() throws SQLException {
    String settings = string(SETTINGS);
    connection.setAutoCommit(false);
    execute("create table host.orders (id int)");

    schema.install(connection);

    assertThat(connection.getAutoCommit()).isFalse();
    assertThat(string(SETTINGS)).isEqualTo(settings);
    assertThat(schema.status(connection).state()).isEqualTo(State.CURRENT);
    assertThat(schema.status(database.superuser()).state()).isEqualTo(State.EMPTY);
    connection.commit();
    assertThat(schema.status(database.superuser()).state()).isEqualTo(State.CURRENT);
    assertThat(database.strings("select to_regclass('host.orders')"))
        .containsExactly("host.orders");
    assertThat(string(SETTINGS)).isEqualTo(settings);
  }

  @Test
  void theCallerRollsBack() throws SQLException {
    CatalogSnapshot before = database.snapshot();
    connection.setAutoCommit(false);

    schema.install(connection);
    connection.rollback();

    assertThat(database.snapshot().differencesFrom(before)).isEmpty();
  }

  @Test
  void aRefusalLeavesTheTransactionUsable() throws SQLException {
    String settings = string(SETTINGS);
    connection.setAutoCommit(false);
    execute("create table public.users (id int)");

    assertThatThrownBy(() -> schema.install(connection))
        .isInstanceOf(SchemaException.class)
        .extracting("reason")
        .isEqualTo(Reason.FOREIGN_TABLES);

    assertThat(string(SETTINGS)).isEqualTo(settings);
    connection.commit();
    assertThat(database.strings("select to_regclass('public.users')")).containsExactly("users");
  }

  @Test
  void aFailureLeavesTheTransactionUsable() throws SQLException {
    String settings = string(SETTINGS);
    connection.setAutoCommit(false);
    execute("create procedure public.get_whatsapp_config(user_id uuid) language sql as 'select 1'");

    assertThatThrownBy(() -> schema.install(connection)).isInstanceOf(SchemaException.class);

    assertThat(string(SETTINGS)).isEqualTo(settings);
    assertThat(schema.status(connection).state()).isEqualTo(State.EMPTY);
    connection.commit();
  }

  @Test
  void refusesASnapshotThatWouldNotSeeOthers() throws SQLException {
    connection.setAutoCommit(false);
    execute("set transaction isolation level repeatable read");

    assertThatThrownBy(() -> schema.install(connection))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("repeatable read")
        .extracting("reason")
        .isEqualTo(Reason.UNSUITABLE_CONNECTION);
    assertThat(schema.status(connection).state()).isEqualTo(State.EMPTY);
  }

  @Test
  void statusReadsInAReadOnlyTransaction() throws SQLException {
    schema.install(database.superuser());
    execute("set default_transaction_read_only to on");

    assertThat(schema.status(connection).state()).isEqualTo(State.CURRENT);
    assertThat(schema.install(connection).outcome()).isEqualTo(Outcome.ALREADY_CURRENT);
    schema.validate(connection);
  }

  @Test
  void installingReadOnlyIsRefusedWithARemedy() throws SQLException {
    execute("set default_transaction_read_only to on");

    assertThatThrownBy(() -> schema.install(connection))
        .isInstanceOfSatisfying(
            SchemaException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.UNSUITABLE_CONNECTION);
              assertThat(e.remedy()).contains("may write");
            });
    assertThat(connection.getAutoCommit()).isTrue();
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String string(String sql) throws SQLException {
    List<String> values = TestDatabase.strings(connection, sql);
    return values.get(0);
  }
}
