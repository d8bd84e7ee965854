package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host whose transactions are jOOQ's own. */
class HostJooqTransactionTest extends DatabaseTest {
  private static final NewCustomer ADA = new NewCustomer("Ada", "15550100");

  private DSLContext host;
  private TenantScope shop;

  @BeforeEach
  void makeAgent() {
    host = DSL.using(pool, SQLDialect.POSTGRES);
    shop = newTenant();
  }

  @Test
  void aCrmOfTheContextThatIsHandedInTakesPart() {
    host.transaction(
        trx -> {
          in(trx).customers().create(ADA);
          assertThat(shop.customers().count()).isZero();
          assertThat(trx.dsl().fetchValue("select current_user")).hasToString(login);
        });
    assertThat(shop.customers().count()).isOne();

    assertThatThrownBy(
            () ->
                host.transaction(
                    trx -> {
                      in(trx).customers().create(ADA);
                      throw new IllegalStateException("undone");
                    }))
        .hasMessage("undone");
    assertThat(shop.customers().count()).isOne();
  }

  @Test
  void aCrmOfTheOuterContextDoesNot() {
    Crm outside = Crm.builder(host).schema(Installed.SCHEMA).build();

    assertThatThrownBy(
            () ->
                host.transaction(
                    trx -> {
                      outside.asAgent(shop.prefix()).customers().create(ADA);
                      throw new IllegalStateException("not undone");
                    }))
        .hasMessage("not undone");
    assertThat(shop.customers().count()).isOne();
  }

  private TenantScope in(Configuration transaction) {
    return Crm.builder(transaction.dsl()).schema(Installed.SCHEMA).build().asAgent(shop.prefix());
  }
}
