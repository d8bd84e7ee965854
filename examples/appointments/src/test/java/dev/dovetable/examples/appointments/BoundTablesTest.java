package dev.dovetable.examples.appointments;

import static dev.dovetable.examples.appointments.jooq.Tables.APPOINTMENTS;
import static dev.dovetable.examples.appointments.jooq.Tables.CUSTOMERS;
import static dev.dovetable.testkit.CrmAssertions.assertThat;
import static dev.dovetable.testkit.CrmAssertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.examples.appointments.jooq.Tables;
import dev.dovetable.examples.appointments.jooq.tables.Appointments;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.testkit.CrmDatabase;
import dev.dovetable.testkit.CrmTest;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That no way leads from an agent's table to the template's or another agent's. */
@CrmTest(schema = "salon data", extensions = AppointmentsExtension.class)
class BoundTablesTest {
  private static final Instant NINE = Instant.parse("2026-02-03T09:00:00Z");

  private final TenantScope a;
  private final TenantScope b;
  private final Appointments ofA;
  private final Appointments ofB;

  BoundTablesTest(TenantScope a, TenantScope b) {
    this.a = a;
    this.b = b;
    this.ofA = a.table(APPOINTMENTS);
    this.ofB = b.table(APPOINTMENTS);
  }

  @BeforeEach
  void bookWithBoth() {
    book(a, ofA);
    book(b, ofB);
  }

  private static void book(TenantScope shop, Appointments appointments) {
    Customer customer = shop.customers().create(new NewCustomer("Maria", "12025550142"));
    insert(shop, appointments, customer.id());
  }

  private static int insert(TenantScope scope, Appointments into, int customerId) {
    return scope
        .dsl()
        .insertInto(into)
        .set(into.CUSTOMER_ID, customerId)
        .set(into.SERVICE, "Cut")
        .set(into.STARTS_AT, NINE)
        .set(into.ENDS_AT, NINE.plusSeconds(60))
        .execute();
  }

  @Test
  void namesAreComplete(CrmDatabase database) {
    assertThat(ofA.getQualifiedName())
        .isEqualTo(DSL.name("salon data", a.prefix() + "_appointments"));
    // So they mean the same on connections that know nothing of the CRM.
    DSLContext elsewhere = DSL.using(database.superuser(), SQLDialect.POSTGRES);
    assertThat(elsewhere.fetchCount(ofA)).isOne();
    assertThat(elsewhere.select(ofA.STARTS_AT).from(ofA).fetchSingle().value1()).isEqualTo(NINE);
  }

  @Test
  void aliasesAndConditionsStayWithTheAgent() {
    Appointments aliased = ofA.as("x");
    assertThat(a.dsl().select(aliased.STARTS_AT).from(aliased).fetch()).hasSize(1);
    Appointments later = ofA.where(ofA.STARTS_AT.gt(NINE));
    assertThat(a.dsl().fetchCount(later)).isZero();
    var customers = a.table(CUSTOMERS);
    assertThat(
            a.dsl()
                .select(customers.NAME)
                .from(aliased.join(customers).on(customers.ID.eq(aliased.CUSTOMER_ID)))
                .fetchSingle()
                .value1())
        .isEqualTo("Maria");
  }

  @Test
  void theOtherAgentsTableIsEmptyToThisOne() {
    a.transaction(
        tx -> {
          assertThat(tx.dsl().fetchCount(tx.table(APPOINTMENTS))).isOne();
          assertThat(tx.dsl().fetchCount(ofB)).isZero();
          assertThat(tx.dsl().update(ofB).set(ofB.SERVICE, "None").execute()).isZero();
          assertThat(tx.dsl().deleteFrom(ofB).execute()).isZero();
          return tx;
        });
    int customerOfB = b.customers().findByPhone("12025550142").orElseThrow().id();
    assertThatThrownBy(() -> insert(a, ofB, customerOfB)).isInstanceOf(AccessDeniedException.class);
    assertThat(b.dsl().fetchCount(ofB, ofB.SERVICE.eq("Cut"))).isOne();
  }

  @Test
  void whatIsNotBoundFails() {
    for (Appointments unbound :
        List.of(APPOINTMENTS, APPOINTMENTS.as("x"), new Appointments("y"))) {
      assertThatThrownBy(() -> a.dsl().fetchCount(unbound))
          .isInstanceOf(DatabaseException.class)
          .hasMessageContaining("bind it with shop.table(…)");
    }
  }

  @Test
  void aRecordIsTheTemplatesAndCanBeStoredNowhere() {
    var read = a.dsl().fetchSingle(ofA);
    read.setService("Colour");
    assertThatThrownBy(read::store).isInstanceOf(DatabaseException.class);
    assertThatThrownBy(read::delete).isInstanceOf(DatabaseException.class);
    assertThatThrownBy(read::refresh).isInstanceOf(DatabaseException.class);
    var made = a.dsl().newRecord(ofA);
    made.from(read);
    assertThatThrownBy(made::insert).isInstanceOf(DatabaseException.class);
    assertThat(a.dsl().fetchCount(ofA, ofA.SERVICE.eq("Cut"))).isOne();
  }

  @Test
  void noPathsAreGenerated() throws IllegalAccessException {
    Set<String> ofEveryTable = Set.of("as", "rename", "where", "whereExists", "whereNotExists");
    List<Table<?>> tables = new ArrayList<>();
    for (var field : Tables.class.getFields()) {
      tables.add((Table<?>) field.get(null));
    }
    assertThat(tables).hasSize(5);
    for (Table<?> table : tables) {
      assertThat(table.getName()).startsWith("{prefix}_");
      assertThat(table.getSchema()).isNull();
      assertThat(table.getReferences()).isEmpty();
      assertThat(table.getClass().getDeclaredMethods())
          .filteredOn(method -> Table.class.isAssignableFrom(method.getReturnType()))
          .extracting(Method::getName)
          .isSubsetOf(ofEveryTable);
      assertThat(table.getClass().getDeclaredClasses()).isEmpty();
    }
  }

  @Test
  void anAgentThatIsBehindSaysSo() {
    try (CrmDatabase database = CrmDatabase.create()) {
      TenantScope shop = database.agent("agt_old").scope();
      Appointments appointments = shop.table(APPOINTMENTS);
      assertThatThrownBy(() -> shop.dsl().fetchCount(appointments))
          .isInstanceOf(DatabaseException.class)
          .hasMessageContainingAll("agt_old", "AgentMigrations");

      AgentMigrations.of(
              AgentExtension.fromClassPath(
                  "appointments", "db/appointments", "001_create_appointments.sql"))
          .run(database.superuser());
      assertThat(shop.dsl().fetchExists(DSL.selectOne().from(appointments))).isFalse();

      AgentMigrations.of(new AppointmentsExtension().get()).run(database.superuser());
      assertThat(shop.dsl().fetchCount(appointments, appointments.CANCELLED_AT.isNull())).isZero();
    }
  }
}
