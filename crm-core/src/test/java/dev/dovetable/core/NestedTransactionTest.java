package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions of a scope within one: savepoints. */
class NestedTransactionTest extends DatabaseTest {
  private TenantScope tenant;

  @BeforeEach
  void makeAgent() {
    tenant = newTenant();
  }

  @Test
  void nestedTransactionIsASavepoint() {
    tenant.transaction(
        tx -> {
          tx.customers().create(new NewCustomer("Outer", "1"));
          IOException failure = new IOException();
          assertThat(
                  catchThrowable(
                      () ->
                          tx.transaction(
                              inner -> {
                                inner.customers().create(new NewCustomer("Lost", "2"));
                                throw failure;
                              })))
              .isSameAs(failure);
          Customer kept =
              tx.transaction(
                  inner ->
                      inner.transaction(
                          deepest -> deepest.customers().create(new NewCustomer("Kept", "3"))));
          assertThat(tx.customers().find(kept.id())).contains(kept);
          return null;
        });
    assertThat(customers()).containsExactly("Kept", "Outer");
  }

  @Test
  void failedStatementInANestedTransactionLeavesTheOuterOneUsable() {
    tenant.transaction(
        tx -> {
          assertThatThrownBy(
                  () -> tx.transaction(inner -> inner.messages().recordInbound(4711, "x")))
              .isInstanceOf(NotFoundException.class);
          // The savepoint was made before the role was set, had the role been set by need only.
          assertThat(whoAmI(tx)).isEqualTo("authenticated");
          return tx.customers().create(new NewCustomer("Ada", "1"));
        });
    assertThat(customers()).containsExactly("Ada");
  }

  @Test
  void firstStatementInANestedTransactionThatIsRolledBack() {
    tenant.transaction(
        tx -> {
          assertThatThrownBy(
                  () ->
                      tx.transaction(
                          inner -> {
                            inner.customers().create(new NewCustomer("Lost", "1"));
                            throw new IllegalStateException();
                          }))
              .isInstanceOf(IllegalStateException.class);
          assertThat(whoAmI(tx)).isEqualTo("authenticated");
          return null;
        });
    assertThat(customers()).isEmpty();
  }

  private List<String> customers() {
    return tenant.customers().list(PageRequest.first(100)).items().stream()
        .map(Customer::name)
        .toList();
  }

  private static String whoAmI(TenantScope scope) {
    return (String) scope.dsl().fetchValue("select current_user::text");
  }
}
