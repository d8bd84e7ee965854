package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.NewMessage;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Imports and exports as part of a host's transaction, and under rules of the host's own. */
class HostImportTest extends DatabaseTest {
  private static final int MORE_THAN_A_CHUNK = 5_017;
  private static final Instant NOON = Instant.parse("2026-03-29T12:00:00Z");

  private Connection connection;
  private DSLContext host;
  private TenantScope own;
  private TenantScope service;
  private TenantScope outside;
  private int ada;

  @BeforeEach
  void begin() throws SQLException {
    outside = newTenant();
    ada = outside.customers().create(new NewCustomer("Ada", "15550100")).id();
    connection = pool.getConnection();
    connection.setAutoCommit(false);
    host = DSL.using(connection, SQLDialect.POSTGRES);
    host.execute("create temp table host_notes (note text) on commit drop");
    Crm joining = Crm.builder(host).schema(Installed.SCHEMA).build();
    own = joining.asAgent(outside.prefix());
    service = joining.asService().tenant(outside.prefix());
  }

  @AfterEach
  void end() throws SQLException {
    connection.rollback();
    connection.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void importsEndWithTheHostsTransaction(boolean asService) throws SQLException {
    note("before");
    scope(asService).customers().importAll(customers(MORE_THAN_A_CHUNK));
    note("between");
    scope(asService).messages().importAll(messages(MORE_THAN_A_CHUNK, -1));
    note("after");

    assertThat(own.customers().count()).isEqualTo(MORE_THAN_A_CHUNK + 1);
    assertThat(outside.customers().count()).isOne();
    assertThat(host.fetchSingle("select count(*) from host_notes").get(0)).isEqualTo(3L);

    connection.rollback();

    assertThat(own.customers().count()).isOne();
    assertThat(own.messages().count()).isZero();
    scope(asService).customers().importAll(customers(2));
    connection.commit();
    assertThat(outside.customers().count()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anExportSeesWhatTheTransactionHasWritten(boolean asService) throws SQLException {
    scope(asService).messages().importAll(messages(1_200, -1));

    try (Stream<Message> messages = scope(asService).messages().stream()) {
      Iterator<Message> rows = messages.iterator();
      assertThat(rows.next().text()).isEqualTo("m0");
      note("in the middle");
      assertThat(own.messages().count()).isEqualTo(1_200);
      rows.forEachRemaining(row -> assertThat(row.customerId()).isEqualTo(ada));
    }
    note("after");

    connection.rollback();
    try (Stream<Message> messages = own.messages().stream(ada)) {
      assertThat(messages).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true,  FOREIGN_KEY",
    "false, FOREIGN_KEY",
    "true,  CHECK_VIOLATED",
    "false, CHECK_VIOLATED",
    "true,  INTEGRITY",
    "false, INTEGRITY"
  })
  void aRefusedRowIsNamedAndTheHostGoesOn(boolean asService, InvalidDataException.Kind kind)
      throws SQLException {
    switch (kind) {
      case CHECK_VIOLATED -> administer("alter table %2$s add check (message <> 'm5013')");
      case INTEGRITY ->
          administer(
              "create function crm.refuse_%1$s() returns trigger language plpgsql as"
                  + " $$ begin raise exception 'no'; end $$;"
                  + " create trigger host_rule before insert on %2$s for each row"
                  + " when (new.message = 'm5013') execute function crm.refuse_%1$s()");
      default -> {}
    }
    note("before");
    Savepoint savepoint = connection.setSavepoint();
    int badCustomer = kind == InvalidDataException.Kind.FOREIGN_KEY ? 5_013 : -1;

    assertThatExceptionOfType(InvalidDataException.class)
        .isThrownBy(
            () ->
                scope(asService)
                    .messages()
                    .importAll(messages(MORE_THAN_A_CHUNK + 1_000, badCustomer)))
        .satisfies(
            e -> {
              assertThat(e.kind()).isEqualTo(kind);
              assertThat(e.row()).isEqualTo(OptionalLong.of(5_013));
              assertThat(Thrown.log(e)).contains("index 5013").doesNotContain("m5013");
            });
    note("without rolling back, because the import was a savepoint");
    assertThat(own.messages().count()).isZero();
    connection.rollback(savepoint);
    note("after rolling back");
    scope(asService).messages().importAll(messages(3, -1));
    connection.commit();

    assertThat(outside.messages().count()).isEqualTo(3);
  }

  /** Nobody knows which row it was when the constraint is looked at. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aConstraintThatIsDeferredRefusesTheCommit(boolean asService) throws SQLException {
    administer(
        "alter table crm.%1$s_customers add constraint host_rule_%1$s unique (phone)"
            + " deferrable initially deferred");
    List<NewCustomer> twins = List.of(new NewCustomer("A", "1"), new NewCustomer("B", "1"));

    scope(asService).customers().importAll(twins.iterator());
    note("still in the transaction");
    assertThatThrownBy(() -> connection.commit()).hasMessageContaining("host_rule");
    TenantScope alone = asService ? crm.asService().tenant(own.prefix()) : outside;
    assertThatExceptionOfType(InvalidDataException.class)
        .isThrownBy(() -> alone.customers().importAll(twins.iterator()))
        .satisfies(
            e -> {
              assertThat(e.kind()).isEqualTo(InvalidDataException.Kind.NOT_UNIQUE);
              assertThat(e.row()).isEmpty();
            });

    assertThat(outside.customers().count()).isOne();
  }

  @Test
  void outsideOfTransactionsTooARowThatATriggerRefusesIsNamed() throws SQLException {
    administer(
        "create function crm.refuse_%1$s() returns trigger language plpgsql as"
            + " $$ begin raise exception 'no'; end $$;"
            + " create trigger host_rule before insert on %2$s for each row"
            + " when (new.message = 'm7') execute function crm.refuse_%1$s()");

    assertThatExceptionOfType(InvalidDataException.class)
        .isThrownBy(() -> outside.messages().importAll(messages(20, -1)))
        .satisfies(e -> assertThat(e.row()).isEqualTo(OptionalLong.of(7)));
  }

  /** As a superuser, in a transaction of its own; gets the prefix and the table of messages. */
  private void administer(String sql) throws SQLException {
    String prefix = own.prefix();
    try (Connection admin = database.dataSource().getConnection();
        Statement statement = admin.createStatement()) {
      statement.execute(sql.formatted(prefix, "crm." + prefix + "_messages"));
    }
  }

  /** In the host's table, for which nobody but the host has rights. */
  private void note(String text) {
    host.execute("insert into host_notes values (?)", text);
    assertThat(
            host.fetchSingle(
                    "select current_setting('role') || ','"
                        + " || coalesce(current_setting('request.jwt.claims', true), '') || ','"
                        + " || current_user")
                .get(0))
        .isEqualTo("none,," + login);
  }

  private static Iterator<NewCustomer> customers(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new NewCustomer("Customer " + i, "49" + i))
        .iterator();
  }

  private Iterator<NewMessage> messages(int count, int withoutCustomer) {
    return IntStream.range(0, count)
        .mapToObj(i -> NewMessage.inbound(i == withoutCustomer ? -1 : ada, "m" + i).at(NOON))
        .iterator();
  }

  private TenantScope scope(boolean asService) {
    return asService ? service : own;
  }
}
