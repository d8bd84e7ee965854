package dev.dovetable.testkit;

import static dev.dovetable.testkit.CrmAssertions.assertThat;
import static dev.dovetable.testkit.CrmAssertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@CrmTest
class RecordingTest {
  private static final String SECRET = "12025550142";

  private TenantScope shop;
  private Customer customer;

  @BeforeEach
  void makeCustomer(TenantScope shop) {
    this.shop = shop;
    this.customer = shop.customers().create(new NewCustomer("Ada", SECRET));
  }

  @Test
  void scopeTakesOneRoundTripForEachStatement(CrmDatabase database) {
    try (Recording recording = database.record()) {
      shop.customers().find(customer.id());
      assertThat(recording).hasRoundTrips(1);
      shop.messages().recordInbound(customer.id(), SECRET);
      assertThat(recording).hasRoundTrips(2).hasAtMostRoundTrips(2);
      assertThat(recording.statements())
          .hasSize(2)
          .first()
          .asString()
          .contains(shop.prefix() + "_customers");
      assertThat(String.join(" ", recording.statements())).doesNotContain(SECRET);
    }
  }

  @Test
  void transactionTakesOneMore(CrmDatabase database) {
    try (Recording recording = database.record()) {
      shop.transaction(
          tx -> {
            tx.customers().count();
            return tx.customers().count();
          });
      assertThat(recording).hasRoundTrips(3);
      assertThat(recording.statements()).contains("COMMIT");
    }
  }

  @Test
  void whoeverOpensConnectionsIsRecordedToo(CrmDatabase database) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.jdbcUrl().value());
        Recording recording = database.record();
        PreparedStatement statement = connection.prepareStatement("select ?::text")) {
      for (int i = 1; i <= 9; i++) {
        statement.setString(1, SECRET);
        statement.executeQuery().close();
        // From the fifth on, the driver sends the statement's name instead of its text.
        assertThat(recording).hasRoundTrips(i);
      }
      assertThat(recording.statements()).hasSize(9).containsOnly("select $1::text");
    }
  }

  @Test
  void loginIsNotCounted(CrmDatabase database) throws SQLException {
    try (Recording recording = database.record();
        Connection connection = DriverManager.getConnection(database.jdbcUrl().value())) {
      assertThat(recording).hasRoundTrips(0);
      assertThat(connection.isValid(1)).isTrue();
      assertThat(recording).hasRoundTrips(1);
    }
  }

  @Test
  void nothingIsRecordedBeforeAndAfter(CrmDatabase database) {
    shop.customers().count();
    Recording recording = database.record();
    recording.close();
    shop.customers().count();
    assertThat(recording).hasRoundTrips(0);
    assertThat(recording.statements()).isEmpty();
  }

  @Test
  void fixturesAreNotRecorded(CrmDatabase database) {
    try (Recording recording = database.record()) {
      database.agent("agt_fixture").withCustomers(3);
      assertThat(recording).hasRoundTrips(0);
    }
  }

  @Test
  void failuresShowWhatWasSent(CrmDatabase database) {
    try (Recording recording = database.record()) {
      shop.customers().findByPhone(SECRET);
      assertThat(recording).hasNoStatementWith("agt_nobody");
      assertThatThrownBy(() -> assertThat(recording).hasAtMostRoundTrips(0))
          .isInstanceOf(AssertionError.class)
          .hasMessageContainingAll("at most 0", "were 1", shop.prefix() + "_customers")
          .hasMessageNotContaining(SECRET);
      assertThatThrownBy(() -> assertThat(recording).hasRoundTrips(2))
          .isInstanceOf(AssertionError.class)
          .hasMessageContainingAll("Expected 2", "were 1");
      assertThatThrownBy(() -> assertThat(recording).hasNoStatementWith(shop.prefix()))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining(shop.prefix() + "_customers");
    }
  }
}
