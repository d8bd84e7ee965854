package dev.dovetable.core.internal.sql;

import static dev.dovetable.core.jooq.Tables.CUSTOMERS;
import static dev.dovetable.core.jooq.Tables.MESSAGES;
import static dev.dovetable.core.jooq.Tables.USERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.jooq.TemplateSchema;
import dev.dovetable.core.jooq.tables.Customers;
import java.util.stream.Stream;
import org.jooq.Name;
import org.jooq.Record;
import org.jooq.Schema;
import org.jooq.impl.DSL;
import org.jooq.impl.TableImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link TenantScope#table} binds, and what it refuses rather than let it mean another's. */
class TemplateTablesTest extends DatabaseTest {

  /** As jOOQ generates tables unless told otherwise. */
  private static class Pinned extends TableImpl<Record> {
    private static final long serialVersionUID = 1L;

    Pinned(String name) {
      super(DSL.name(name));
    }

    @Override
    public Schema getSchema() {
      return TemplateSchema.TEMPLATE_SCHEMA;
    }

    @Override
    public Pinned rename(Name name) {
      return new Pinned(name.last());
    }
  }

  /** Not generated: a renamed one is a table like any other. */
  private static final class NotGenerated extends TableImpl<Record> {
    private static final long serialVersionUID = 1L;

    NotGenerated(String name) {
      super(DSL.name(name));
    }
  }

  @Test
  void bindsToSchemaAndPrefix() {
    TenantScope shop = newTenant();
    Customers bound = shop.table(CUSTOMERS);
    assertThat(bound).isEqualTo(shop.tables().customers());
    assertThat(bound.getQualifiedName())
        .isEqualTo(DSL.name(Installed.SCHEMA, shop.prefix() + "_customers"));
    shop.customers().create(new NewCustomer("Ada", "1"));
    shop.transaction(
        tx -> {
          Customers inside = tx.table(CUSTOMERS);
          assertThat(tx.dsl().update(inside).set(inside.NAME, "Bo").execute()).isOne();
          return inside;
        });
    assertThat(shop.readOnly().dsl().fetchSingle(bound).getName()).isEqualTo("Bo");
  }

  static Stream<TableImpl<?>> othersThanTemplates() {
    TenantScope shop = crm.asAgent("agt_x");
    return Stream.of(
        USERS,
        shop.tables().customers(),
        shop.table(MESSAGES),
        CUSTOMERS.as("c"),
        CUSTOMERS.as("{prefix}_messages"),
        CUSTOMERS.where(CUSTOMERS.ID.gt(1)),
        CUSTOMERS.rename("appointments"),
        CUSTOMERS.rename("{prefix}"),
        CUSTOMERS.rename("{prefix}_"),
        CUSTOMERS.rename("{prefix}_Customers"),
        CUSTOMERS.rename("x{prefix}_customers"));
  }

  @ParameterizedTest
  @MethodSource("othersThanTemplates")
  void refusesWhatIsNoTemplate(TableImpl<?> table) {
    TenantScope shop = crm.asAgent("agt_y");
    assertThatThrownBy(() -> shop.table(table))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("generated from a template agent");
  }

  @Test
  void refusesClassesThatWouldKeepTheirSchema() {
    TenantScope shop = crm.asAgent("agt_y");
    for (TableImpl<?> table :
        new TableImpl<?>[] {
          new Pinned("{prefix}_appointments"), new NotGenerated("{prefix}_appointments")
        }) {
      assertThatThrownBy(() -> shop.table(table))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("AgentTablesGenerator");
    }
  }
}
