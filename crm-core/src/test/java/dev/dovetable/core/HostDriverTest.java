package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.AutoSave;
import org.postgresql.jdbc.PreferQueryMode;

/** A host's transaction with drivers that are set up in other ways. */
class HostDriverTest extends DatabaseTest {
  private TenantScope scope;
  private Customer customer;

  @BeforeEach
  void openScope() {
    scope = newTenant();
    customer = scope.customers().create(new NewCustomer("Ada", "15550100"));
  }

  @Test
  void simpleQueries() throws SQLException {
    PGSimpleDataSource dataSource = dataSource();
    dataSource.setPreferQueryMode(PreferQueryMode.SIMPLE);
    mixed(dataSource);
  }

  @Test
  void preparedOnTheServerAtOnce() throws SQLException {
    PGSimpleDataSource dataSource = dataSource();
    dataSource.setPrepareThreshold(1);
    mixed(dataSource);
  }

  @Test
  void aSavepointOfTheDriversOwnAtEachStatement() throws SQLException {
    PGSimpleDataSource dataSource = dataSource();
    dataSource.setAutosave(AutoSave.ALWAYS);
    mixed(dataSource);
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      TenantScope joining = joining(connection);

      assertThatThrownBy(() -> joining.messages().recordInbound(-1, "nobody"))
          .isInstanceOf(NotFoundException.class);
      assertThat(currentUser(connection)).isEqualTo(login);
      assertThatThrownBy(() -> joining.dsl().batch("select 1 / 0", "select 1").execute())
          .isInstanceOf(InvalidDataException.class);
      assertThat(currentUser(connection)).isEqualTo(login);
      assertThat(joining.customers().find(customer.id())).contains(customer);
      connection.rollback();
    }
  }

  private void mixed(PGSimpleDataSource dataSource) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      TenantScope joining = joining(connection);
      for (int i = 0; i < 3; i++) {
        assertThat(joining.customers().find(customer.id())).contains(customer);
        assertThat(currentUser(connection)).isEqualTo(login);
        joining.messages().recordInbound(customer.id(), "message " + i);
        assertThat(currentUser(connection)).isEqualTo(login);
      }
      Savepoint savepoint = connection.setSavepoint();
      assertThatThrownBy(() -> joining.messages().recordInbound(-1, "nobody"))
          .isInstanceOf(NotFoundException.class);
      connection.rollback(savepoint);
      assertThat(currentUser(connection)).isEqualTo(login);
      PageRequest page = PageRequest.first(5);
      assertThat(joining.messages().timeline(customer.id(), page).items()).hasSize(3);
      connection.rollback();
    }
  }

  private TenantScope joining(Connection connection) {
    return Crm.builder(DSL.using(connection, SQLDialect.POSTGRES))
        .schema(Installed.SCHEMA)
        .build()
        .asAgent(scope.prefix());
  }

  private static PGSimpleDataSource dataSource() {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setPortNumbers(new int[] {database.server().port()});
    dataSource.setDatabaseName(database.name());
    dataSource.setUser(login);
    return dataSource;
  }

  private static String currentUser(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select current_user")) {
      row.next();
      return row.getString(1);
    }
  }
}
