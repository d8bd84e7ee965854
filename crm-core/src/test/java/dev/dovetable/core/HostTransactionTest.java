package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.HostTest;
import dev.dovetable.testkit.server.wire.OneConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Two agents' scopes in a transaction that is the host's, and stays the host's. */
class HostTransactionTest extends HostTest {
  private static final String HOST_CLAIMS = "{\"sub\": \"the host's\"}";

  @Test
  void theHostsOwnRoleClaimsAndTimeoutsComeBack() throws SQLException {
    run("set local role authenticated");
    run("set local statement_timeout = '77s'");
    run("select set_config('request.jwt.claims', '" + HOST_CLAIMS.replace("'", "''") + "', true)");

    String asScope =
        coffee
            .dsl()
            .fetchSingle("select current_user || current_setting('request.jwt.claims')")
            .get(0, String.class);

    assertThat(asScope).startsWith("authenticated{").doesNotContain("the host's");
    assertThat(identity()).isEqualTo("authenticated," + HOST_CLAIMS + ",authenticated");
    assertThat(value("show statement_timeout")).isEqualTo("77s");
  }

  @Test
  void theHostsRollbackTakesBackEverythingOfBothScopes() throws SQLException {
    coffee.messages().recordInbound(customer.id(), "one");
    run("insert into host_notes values ('between')");
    bikes.customers().create(new NewCustomer("Bo", "15550101"));
    bikes.transaction(inner -> inner.customers().create(new NewCustomer("Cy", "15550102")));

    connection.rollback();

    assertThat(value("select count(*) from host_notes")).isEqualTo("0");
    assertThat(coffee.messages().timeline(customer.id(), PageRequest.first(5)).items()).isEmpty();
    assertThat(bikes.customers().list(PageRequest.first(5)).items()).isEmpty();
  }

  @Test
  void nobodyElseSeesItBeforeTheHostCommits() throws SQLException {
    coffee.messages().recordInbound(customer.id(), "one");
    TenantScope other = crm.asAgent(coffee.prefix());
    PageRequest page = PageRequest.first(5);

    assertThat(other.messages().timeline(customer.id(), page).items()).isEmpty();
    connection.commit();
    assertThat(other.messages().timeline(customer.id(), page).items()).hasSize(1);
    run("delete from host_notes");
    connection.commit();
  }

  @Test
  void afterAFailureTheHostsSavepointBringsTheHostBack() throws SQLException {
    Savepoint savepoint = connection.setSavepoint();

    assertThatThrownBy(() -> coffee.messages().recordInbound(-1, "nobody"))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> run("select 1")).hasMessageContaining("aborted");
    connection.rollback(savepoint);

    assertThat(identity()).isEqualTo("none,," + login);
    assertThat(bikes.customers().find(1)).isEmpty();
    assertThat(value("select count(*) from host_notes where note = 'begun'")).isEqualTo("1");
  }

  @Test
  void aTransactionOfAScopeIsASavepoint() throws SQLException {
    IllegalStateException thrown = new IllegalStateException("enough");

    assertThatThrownBy(
            () ->
                coffee.transaction(
                    inner -> {
                      inner.messages().recordInbound(customer.id(), "undone");
                      assertThat(identity()).isEqualTo("none,," + login);
                      throw thrown;
                    }))
        .isSameAs(thrown);
    int trips =
        trips(
            () ->
                coffee.transaction(
                    inner -> {
                      inner.messages().recordInbound(customer.id(), "kept");
                      return inner.transaction(
                          deeper -> deeper.messages().recordOutbound(customer.id(), "kept too"));
                    }));
    assertThatThrownBy(
            () -> coffee.transaction(inner -> inner.messages().recordInbound(-1, "nobody")))
        .isInstanceOf(NotFoundException.class);

    assertThat(trips).isEqualTo(2 + 4);
    assertThat(identity()).isEqualTo("none,," + login);
    assertThat(coffee.messages().timeline(customer.id(), PageRequest.first(5)).items()).hasSize(2);
    assertThat(value("select count(*) from host_notes where note = 'begun'")).isEqualTo("1");
  }

  @Test
  void aDataSourceInTheMiddleOfATransactionIsRefusedAndNotCommitted() throws SQLException {
    Crm mistaken = crm(OneConnection.of(connection));

    assertThatThrownBy(() -> mistaken.asService().agents().findByPrefix(coffee.prefix()))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(RefusedException.Reason.TRANSACTION_OPEN));

    connection.rollback();
    assertThat(value("select count(*) from host_notes")).isEqualTo("0");
  }

  @Test
  void aScopeThatOnlyReadsDoesNotMakeTheHostReadOnly() throws SQLException {
    TenantScope reading = coffee.readOnly();

    assertThatThrownBy(() -> reading.customers().find(customer.id()))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(RefusedException.Reason.TRANSACTION_OPEN));
    run("insert into host_notes values ('still writable')");
  }

  @Test
  void aDeletionThatMayNotWaitAnyLongerSaysSo() throws SQLException {
    long id = coffee.agentId();
    try (Connection other = pool.getConnection()) {
      other.setAutoCommit(false);
      try (Statement statement = other.createStatement()) {
        statement.execute("set local role service_role");
        statement.execute("select 1 from crm." + coffee.prefix() + "_customers");
      }
      assertThatThrownBy(() -> joining.asService().agents().delete(id))
          .isInstanceOfSatisfying(
              DatabaseException.class,
              e -> assertThat(e.kind()).isEqualTo(DatabaseException.Kind.LOCK_TIMEOUT));
      other.rollback();
    }
  }
}
