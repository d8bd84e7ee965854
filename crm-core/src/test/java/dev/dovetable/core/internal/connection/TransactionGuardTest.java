package dev.dovetable.core.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.RefusedException.Reason;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.CountedTest;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.users.UserRole;
import java.sql.Statement;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jooq.Query;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A caller's SQL that ends the transaction of a scope: what follows would run as the login, which
 * may own the tables, past row level security.
 */
class TransactionGuardTest extends CountedTest {
  private static final NewCustomer ADA = new NewCustomer("Ada", "15550100");

  /** As the schema's owner. */
  private Crm owners;

  private TenantScope strangers;
  private Actor stranger;

  @BeforeEach
  void prepare() {
    owners = crm(database.dataSource());
    stranger = Actor.user(newUser(UserRole.AGENT).id());
    strangers = owners.as(stranger).tenant(newAgent().prefix());
  }

  static Stream<String> endings() {
    return Stream.of(
        "commit",
        "rollback",
        "commit; begin",
        "rollback and chain",
        "reset role",
        "set local role service_role",
        "select set_config('role', 'none', true)",
        "select set_config('request.jwt.claims', '{\"role\":\"service_role\"}', true)");
  }

  @ParameterizedTest
  @MethodSource("endings")
  void nothingRunsAsTheLoginAfterwards(String sql) {
    refused(sql, tx -> tx.customers().create(ADA));
    refused(sql, tx -> tx.customers().count());
    refused(sql, tx -> tx.dsl().fetchCount(tx.tables().customers()));
    refused(sql, tx -> tx.dsl().batch(insert(tx)).execute());
    refused(sql, tx -> tx.transaction(inner -> inner.customers().create(ADA)));
    refused(sql, tx -> tx.customers().importAll(Stream.of(ADA).iterator()));

    assertThat(crm.asService().tenant(strangers.prefix()).customers().count()).isZero();
  }

  private void refused(String sql, Consumer<TenantScope> then) {
    Thrown.refused(
        Reason.TRANSACTION_ENDED,
        () ->
            strangers.transaction(
                tx -> {
                  tx.dsl().execute(sql);
                  then.accept(tx);
                  return "done";
                }));
  }

  private static Query insert(TenantScope tx) {
    var customers = tx.tables().customers();
    return tx.dsl()
        .insertInto(customers)
        .columns(customers.NAME, customers.PHONE)
        .values("Ada", "15550100");
  }

  @Test
  void whatJdbcEndsIsNoticedToo() {
    Thrown.refused(
        Reason.TRANSACTION_ENDED,
        () ->
            strangers.transaction(
                tx -> {
                  tx.dsl()
                      .connection(
                          connection -> {
                            try (Statement statement = connection.createStatement()) {
                              statement.execute("commit");
                            }
                          });
                  return tx.customers().create(ADA);
                }));
  }

  /** What was rolled back isn't told as done. */
  @ParameterizedTest
  @ValueSource(strings = {"commit", "rollback", "rollback; begin"})
  void aTransactionThatWasEndedIsNotCommitted(String sql) {
    TenantScope shop = counted.asAgent(newAgent().prefix());

    Thrown.refused(
        Reason.TRANSACTION_ENDED,
        () ->
            shop.transaction(
                tx -> {
                  tx.customers().create(ADA);
                  return tx.dsl().execute(sql);
                }));
    assertThat(shop.customers().count()).isEqualTo(sql.equals("commit") ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"commit", "rollback"})
  void aTransactionWithSeveralActorsIsTold(String sql) {
    TenantScope shop = counted.asAgent(newAgent().prefix());

    assertThatThrownBy(
            () ->
                counted.transaction(
                    tx -> {
                      tx.asAgent(shop.prefix()).customers().create(ADA);
                      tx.asAgent(shop.prefix()).dsl().execute(sql);
                      return tx.asAgent(shop.prefix()).customers().create(ADA);
                    }))
        .isInstanceOf(RefusedException.class);
    assertThat(shop.customers().count()).isEqualTo(sql.equals("commit") ? 1 : 0);
  }

  /** The guard travels with the statement behind it, and an innocent batch needs none. */
  @Test
  void noRoundTripIsAdded() {
    TenantScope shop = counted.asAgent(newAgent().prefix());

    int trips =
        trips(
            () ->
                shop.transaction(
                    tx -> {
                      tx.dsl().fetchCount(tx.tables().customers());
                      tx.customers().count();
                      tx.dsl().fetchCount(tx.tables().orders());
                      tx.dsl().fetchCount(tx.tables().messages());
                      tx.customers().create(ADA);
                      return true;
                    }));

    assertThat(trips).isEqualTo(6);
    assertThat(shop.customers().count()).isOne();
  }
}
