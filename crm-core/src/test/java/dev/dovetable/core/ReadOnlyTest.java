package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A scope in which the database refuses writes. */
class ReadOnlyTest extends DatabaseTest {
  private TenantScope scope;
  private TenantScope reading;
  private Customer ada;

  @BeforeEach
  void openScope() {
    scope = newTenant();
    reading = scope.readOnly();
    ada = scope.customers().create(new NewCustomer("Ada", "15550100"));
  }

  @Test
  void reads() {
    assertThat(reading.customers().find(ada.id())).contains(ada);
    assertThat(reading.customers().findOrCreateByPhone("15550100", "Ada")).isEqualTo(ada);
    assertThat(reading.<Long, RuntimeException>transaction(inner -> inner.customers().count()))
        .isOne();
  }

  @Test
  void refusesWrites() {
    var customers = scope.tables().customers();

    assertRefused(() -> reading.customers().rename(ada.id(), "Bo"));
    assertRefused(() -> reading.customers().findOrCreateByPhone("15550101", "Bo"));
    assertRefused(() -> reading.messages().recordInbound(ada.id(), "hi"));
    assertRefused(() -> reading.customers().delete(ada.id()));
    assertRefused(() -> reading.dsl().deleteFrom(customers).execute());
    assertRefused(() -> reading.dsl().batch(reading.dsl().deleteFrom(customers)).execute());
    assertRefused(
        () -> reading.transaction(inner -> inner.customers().rename(ada.id(), "Bo").name()));
    assertRefused(
        () ->
            reading.transaction(
                inner ->
                    inner.<String, RuntimeException>transaction(
                        nested -> nested.customers().rename(ada.id(), "Bo").name())));
    assertThat(scope.customers().find(ada.id())).contains(ada);
  }

  @Test
  void leavesNothingBehind() {
    assertThat(reading.readOnly().customers().count()).isOne();

    assertThat(scope.customers().rename(ada.id(), "Ada L.").name()).isEqualTo("Ada L.");
  }

  @Test
  void comesBeforeTheTransaction() {
    assertThatThrownBy(() -> scope.transaction(TenantScope::readOnly))
        .isInstanceOf(IllegalStateException.class);
  }

  private static void assertRefused(ThrowingCallable write) {
    assertThatExceptionOfType(DatabaseException.class)
        .isThrownBy(write)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(DatabaseException.Kind.READ_ONLY));
  }
}
