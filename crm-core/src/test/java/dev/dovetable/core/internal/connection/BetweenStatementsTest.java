package dev.dovetable.core.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.CountedTest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.jooq.Cursor;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a statement leaves behind on a connection: nothing. */
class BetweenStatementsTest extends CountedTest {
  private TenantScope scope;
  private Customer customer;

  @BeforeEach
  void openScope() {
    scope = counted.asAgent(newAgent().prefix());
    customer = scope.customers().create(new NewCustomer("Ada", "15550100"));
  }

  @Test
  void roleAndClaimsAreGoneAfterEachStatementAndAfterAFailure() throws SQLException {
    scope.customers().find(customer.id());
    assertThat(identity()).isEqualTo("none,");

    assertThatThrownBy(() -> scope.messages().recordInbound(-1, "nobody"))
        .isInstanceOf(NotFoundException.class);
    assertThat(identity()).isEqualTo("none,");
    assertThat(connection.getAutoCommit()).isTrue();
  }

  @Test
  void rowsAreReadInPortionsWithinATransaction() throws SQLException {
    for (int i = 0; i < 10; i++) {
      scope.messages().recordInbound(customer.id(), "message " + i, Instant.EPOCH.plusSeconds(i));
    }
    wire.take();

    try (Cursor<? extends Record> cursor =
        scope.dsl().selectFrom(scope.tables().messages()).fetchSize(3).fetchLazy()) {
      assertThat(cursor.fetchNext(2)).hasSize(2);
      assertThat(wire.take()).isOne();
      assertThat(cursor.fetch()).hasSize(8);
    }

    assertThat(identity()).isEqualTo("none,");
  }

  @Test
  void aBatchRunsAsTheActor() throws SQLException {
    var messages = scope.tables().messages();

    int[] written =
        scope
            .dsl()
            .batch(
                DSL.insertInto(messages)
                    .columns(messages.CUSTOMER_ID, messages.MESSAGE, messages.DIRECTION)
                    .values((Integer) null, null, null))
            .bind(customer.id(), "one", "inbound")
            .bind(customer.id(), "two", "outbound")
            .execute();

    assertThat(written).containsExactly(1, 1);
    assertThat(identity()).isEqualTo("none,");
  }

  /** What a host that takes the connection next would find. */
  private static String identity() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select current_setting('role') || ',' ||"
                    + " coalesce(current_setting('request.jwt.claims', true), '')")) {
      row.next();
      return row.getString(1);
    }
  }
}
