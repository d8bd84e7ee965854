package dev.dovetable.core.jooq;

import static dev.dovetable.core.jooq.Tables.AGENTS;
import static dev.dovetable.core.jooq.Tables.CUSTOMERS;
import static dev.dovetable.core.jooq.Tables.MESSAGES;
import static dev.dovetable.core.jooq.Tables.USERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.jooq.enums.Role;
import dev.dovetable.core.jooq.tables.Customers;
import dev.dovetable.core.jooq.tables.Messages;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.TimeZone;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.conf.MappedSchema;
import org.jooq.conf.ParamType;
import org.jooq.conf.RenderMapping;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the generator promises: unbound names fail, bound ones work, times are exact. */
@FreshDatabase(InstalledSchema.class)
class GeneratedTablesTest {

  private static final Customers X_CUSTOMERS = CUSTOMERS.rename("x_1_customers");
  private static final Messages X_MESSAGES = MESSAGES.rename("x_1_messages");

  private final DSLContext unbound;
  private final DSLContext bound;

  GeneratedTablesTest(PostgresDatabase database) {
    unbound = DSL.using(database.dataSource(), SQLDialect.POSTGRES);
    bound =
        DSL.using(
            database.dataSource(),
            SQLDialect.POSTGRES,
            new Settings()
                .withRenderMapping(
                    new RenderMapping()
                        .withSchemata(
                            new MappedSchema()
                                .withInput(TemplateSchema.TEMPLATE_SCHEMA.getName())
                                .withOutput(InstalledSchema.NAME))));
  }

  @BeforeEach
  void makeAgent() {
    if (bound.fetchExists(AGENTS)) {
      return;
    }
    UUID user = UUID.randomUUID();
    bound
        .insertInto(USERS, USERS.ID, USERS.NAME, USERS.EMAIL, USERS.ROLE)
        .values(user, "Ada", "ada@example.com", Role.admin)
        .execute();
    assertThat(bound.fetch(Routines.createAgent(user, "x_1", user)).get(0).getSuccess()).isTrue();
    bound
        .insertInto(X_CUSTOMERS, X_CUSTOMERS.AGENT_ID, X_CUSTOMERS.NAME, X_CUSTOMERS.PHONE)
        .select(bound.select(AGENTS.ID, DSL.inline("Bo"), DSL.inline("1")).from(AGENTS))
        .execute();
  }

  @Test
  void namesOfTheTemplateCanExistNowhere() {
    assertThat(TemplateSchema.TEMPLATE_SCHEMA.getName()).isEqualTo("{schema}");
    assertThat(TemplateSchema.TEMPLATE_SCHEMA.getTables())
        .extracting(Table::getName)
        .contains(
            "{prefix}_customers", "{prefix}_messages", "{prefix}_orders", "{prefix}_orders_items")
        .noneMatch(name -> name.startsWith("template"));
  }

  @Test
  void everyColumnForWebhooksSaysWhatItHolds() {
    List<Table<?>> tables =
        TemplateSchema.TEMPLATE_SCHEMA.getTables().stream()
            .filter(table -> table.getName().startsWith("{prefix}_whatsapp_"))
            .toList();
    assertThat(tables).hasSize(8);
    for (Table<?> table : tables) {
      assertThat(table.getComment()).as(table.getName()).isNotEmpty();
      assertThat(table.fields())
          .allSatisfy(field -> assertThat(field.getComment()).as(field.toString()).isNotEmpty());
    }
  }

  @Test
  void statementWithoutSchemaFails() {
    assertThatThrownBy(() -> unbound.fetchCount(USERS))
        .isInstanceOf(DataAccessException.class)
        .hasMessageContaining("{schema}.users");
  }

  @Test
  void statementWithoutPrefixFails() {
    assertThatThrownBy(() -> bound.fetchCount(CUSTOMERS))
        .isInstanceOf(DataAccessException.class)
        .hasMessageContaining("{prefix}_customers");
  }

  @Test
  void recordReadFromAnAgentsTableIsNotStoredInAnother() {
    var customer = bound.fetchSingle(X_CUSTOMERS);
    customer.setName("Cy");
    assertThatThrownBy(customer::store)
        .isInstanceOf(DataAccessException.class)
        .hasMessageContaining("{prefix}_customers");
  }

  @Test
  void noJoinPathsAreGenerated() {
    assertThat(X_MESSAGES.getReferences()).isEmpty();
    assertThat(Messages.class.getDeclaredMethods())
        .noneMatch(method -> List.of("customers", "orders").contains(method.getName()));
  }

  /** The first three hours don't exist in Los Angeles, Berlin and on the Julian calendar. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-03-08T02:30:00.123456Z",
        "2026-03-29T02:30:00.000001Z",
        "1582-10-10T00:00:00Z",
        "2026-11-01T08:30:00Z",
        "1969-12-31T23:59:59.999999Z"
      })
  void timesAreExactInEveryZoneOfTheJvm(String text) {
    Instant time = Instant.parse(text);
    TimeZone before = TimeZone.getDefault();
    try {
      for (String zone : List.of("America/Los_Angeles", "Europe/Berlin", "Asia/Kathmandu")) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        var written =
            bound
                .insertInto(
                    X_MESSAGES,
                    X_MESSAGES.CUSTOMER_ID,
                    X_MESSAGES.MESSAGE,
                    X_MESSAGES.DIRECTION,
                    X_MESSAGES.TIMESTAMP)
                .select(
                    bound
                        .select(
                            X_CUSTOMERS.ID,
                            DSL.inline("hello"),
                            DSL.inline("inbound"),
                            DSL.val(time, X_MESSAGES.TIMESTAMP))
                        .from(X_CUSTOMERS))
                .returningResult(
                    X_MESSAGES.TIMESTAMP,
                    DSL.field("extract(epoch from timestamp)", BigDecimal.class))
                .fetchSingle();
        assertThat(written.value1()).isEqualTo(time);
        assertThat(written.value2())
            .isEqualByComparingTo(
                BigDecimal.valueOf(time.getEpochSecond())
                    .add(BigDecimal.valueOf(time.getNano(), 9)));
        String inlined =
            bound
                .selectOne()
                .from(X_MESSAGES)
                .where(X_MESSAGES.TIMESTAMP.eq(time))
                .getSQL(ParamType.INLINED);
        assertThat(bound.fetch(inlined)).isNotEmpty();
      }
    } finally {
      TimeZone.setDefault(before);
    }
  }
}
