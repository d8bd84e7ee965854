package dev.dovetable.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.core.orders.OrderStatus;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.core.webhooks.WebhookBodies;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Whatever a role's sessions begin with, the library does the same, or nothing. */
class RoleSettingsTest {
  private static final String PLAIN = "application_name = 'plain'";
  private static final String NUMBER = "104590110077";
  private static final String TEXT = "O'Neill \\ \"x\" {NULL,null} \\047 \u00e9\u20ac";
  private static final PageRequest ALL = PageRequest.first(50);

  private static List<String> plain;

  @BeforeAll
  static void liveAnOrdinaryLife() throws SQLException {
    plain = life(List.of(PLAIN), "extended");
  }

  /** None of them has anything to do with another of its group. */
  static Stream<List<String>> settings() {
    return Stream.of(
        List.of(
            "standard_conforming_strings = off",
            "quote_all_identifiers = on",
            "backslash_quote = off",
            "escape_string_warning = off",
            "transform_null_equals = on",
            "array_nulls = off",
            "datestyle = 'German, DMY'",
            "intervalstyle = sql_standard",
            "bytea_output = escape",
            "extra_float_digits = -15",
            "enable_indexscan = off"),
        List.of(
            "backslash_quote = on",
            "search_path = other, pg_catalog",
            "default_transaction_deferrable = on",
            "check_function_bodies = off",
            "xmloption = document",
            "plpgsql.variable_conflict = use_column",
            "plan_cache_mode = force_custom_plan"),
        List.of(
            "search_path = ''",
            "lc_messages = 'C'",
            "lc_monetary = 'C'",
            "lc_numeric = 'C'",
            "timezone = 'America/St_Johns'",
            "plpgsql.extra_errors = 'all'",
            "plpgsql.extra_warnings = 'all'",
            "client_encoding = 'LATIN1'",
            "client_min_messages = error",
            "plan_cache_mode = force_generic_plan",
            "jit = off"));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void makesNoDifference(List<String> settings) throws SQLException {
    assertThat(life(settings, "extended")).isEqualTo(plain);
  }

  @ParameterizedTest
  @ValueSource(strings = {"array_nulls = off", "standard_conforming_strings = off"})
  void makesNoDifferenceToValuesThatTravelAsText(String setting) throws SQLException {
    assertThat(life(List.of(setting), "simple")).isEqualTo(plain);
  }

  /**
   * An agent from its making to its deletion.
   *
   * @param queryMode the driver's; in the simple one, all values travel as text
   */
  private static List<String> life(List<String> settings, String queryMode) throws SQLException {
    try (PostgresDatabase database = prepared(settings)) {
      Crm crm = crm(database, queryMode);
      UUID admin = user(crm, "admin", UserRole.ADMIN);
      UUID owner = user(crm, "gamma", UserRole.AGENT);
      long id = crm.asService().agents().create(owner, "gamma", admin).id();
      crm.asService()
          .whatsapp()
          .save(NewWhatsAppConfig.of(owner, "15550199", "https://x.example").phoneNumberId(NUMBER));
      TenantScope scope = crm.asAgent("gamma");
      int customer = scope.customers().create(new NewCustomer(TEXT, "1")).id();
      fill(scope, customer);
      List<String> end = new ArrayList<>(callbacks(crm, scope));

      scope.customers().list(ALL).items().forEach(row -> end.add(row.name() + "|" + row.phone()));
      scope
          .messages()
          .list(ALL)
          .items()
          .forEach(
              row -> end.add(row.text() + "|" + row.direction() + "|" + isOld(row.timestamp())));
      scope.orders().stream()
          .forEach(
              row ->
                  end.add(row.order().total() + "|" + row.order().status() + row.order().notes()));
      scope
          .conversations()
          .latest(ALL)
          .items()
          .forEach(row -> end.add(row.customer().name() + "|" + row.lastMessage().text()));
      end.add(
          scope
              .dsl()
              .select(org.jooq.impl.DSL.val(new String[] {"a", null, "NULL", TEXT}))
              .fetch()
              .toString());
      assertThat(crm.asService().agents().delete(id)).isTrue();
      assertThat(crm.asService().agents().list(ALL).items()).isEmpty();
      return end;
    }
  }

  private static void fill(TenantScope scope, int customer) {
    Instant old = Instant.parse("2001-02-03T04:05:06.000007Z");
    scope.messages().recordInbound(customer, TEXT, old);
    scope
        .messages()
        .recordAll(
            List.of(
                NewMessage.inbound(customer, "NULL"), NewMessage.inbound(customer, TEXT).at(old)));
    scope.messages().importAll(List.of(NewMessage.inbound(customer, TEXT).at(old)).iterator());
    scope
        .customers()
        .importAll(List.of(new NewCustomer("NULL", "2"), new NewCustomer(TEXT, "3")).iterator());
    int order =
        scope
            .orders()
            .place(
                NewOrder.of(
                        customer, List.of(new NewOrderItem(TEXT, 3, new BigDecimal("12345.67"))))
                    .notes(TEXT))
            .order()
            .id();
    scope.orders().changeStatus(order, OrderStatus.CONFIRMED);
  }

  private static List<String> callbacks(Crm crm, TenantScope scope) {
    String body =
        WebhookBodies.body(
            NUMBER,
            WebhookBodies.Text.from("wamid.1", "44770091", TEXT, 1),
            WebhookBodies.Text.fromUserId("wamid.2", "US.13491208655302741918", "Una", 2));
    List<String> end = new ArrayList<>();
    assertThat(receive(crm, body)).isEqualTo(2);
    assertThat(receive(crm, body)).isZero();
    receive(crm, WebhookBodies.body(NUMBER, new WebhookBodies.Status("wamid.9", "failed", 3)));
    int sent = scope.messages().recordOutboundTo("44770091", TEXT, "sent", Instant.now()).id();
    scope.deliveries().link(sent, "wamid.9");
    end.add(scope.deliveries().find(sent).orElseThrow().state().toString());
    receive(crm, "no JSON " + TEXT);
    crm.webhooks()
        .unrouted(ALL)
        .items()
        .forEach(
            row ->
                end.add(
                    row.reason()
                        + "|"
                        + row.phoneNumberId()
                        + "|"
                        + crm.webhooks().unroutedBody(row.id())));
    return end;
  }

  private static long receive(Crm crm, String body) {
    return crm.webhooks().receive(body.getBytes(UTF_8), null).count(Outcome.STORED);
  }

  private static boolean isOld(Instant time) {
    return time.equals(Instant.parse("2001-02-03T04:05:06.000007Z"));
  }

  /** Where what was stored at the same time can't be seen, nothing of a callback is stored. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "default_transaction_isolation = serializable",
        "default_transaction_isolation = 'repeatable read'"
      })
  void aStricterIsolationRefusesCallbacksOnly(String setting) throws SQLException {
    try (PostgresDatabase database = prepared(List.of(setting))) {
      Crm crm = crm(database);
      UUID admin = user(crm, "admin", UserRole.ADMIN);
      UUID owner = user(crm, "gamma", UserRole.AGENT);
      long id = crm.asService().agents().create(owner, "gamma", admin).id();
      crm.asService()
          .whatsapp()
          .save(NewWhatsAppConfig.of(owner, "15550199", "https://x.example").phoneNumberId(NUMBER));
      TenantScope scope = crm.asAgent("gamma");
      fill(scope, scope.customers().create(new NewCustomer("A", "1")).id());

      assertThatThrownBy(
              () ->
                  receive(
                      crm,
                      WebhookBodies.body(
                          NUMBER, WebhookBodies.Text.from("wamid.1", "44770091", "Ann", 1))))
          .isInstanceOf(CrmException.class)
          .hasMessageContaining("READ COMMITTED");
      assertThat(scope.customers().count()).isEqualTo(3);
      assertThat(crm.asService().agents().delete(id)).isTrue();
    }
  }

  @Test
  void whatCanNotWorkIsRefusedBeforeAnythingIsChanged() throws SQLException {
    for (String setting :
        List.of("session_replication_role = replica", "default_transaction_read_only = on")) {
      try (PostgresDatabase database = prepared(List.of(PLAIN))) {
        Crm crm = crm(database);
        UUID admin = user(crm, "admin", UserRole.ADMIN);
        UUID owner = user(crm, "gamma", UserRole.AGENT);
        set(database, setting);
        assertThatThrownBy(() -> crm.asService().agents().create(owner, "gamma", admin))
            .as(setting)
            .isInstanceOf(CrmException.class);
        assertThat(crm.asService().agents().list(ALL).items()).isEmpty();
      }
    }
  }

  private static PostgresDatabase prepared(List<String> settings) throws SQLException {
    PostgresDatabase database = PostgresServer.shared().createDatabase(Installed.class);
    for (String setting : settings) {
      set(database, setting);
    }
    assertThat(
            AgentMigrations.builder(Webhooks.extension())
                .schema(Installed.SCHEMA)
                .build()
                .run(database.dataSource())
                .failures())
        .isEmpty();
    return database;
  }

  private static void set(PostgresDatabase database, String setting) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("alter database " + database.name() + " set " + setting);
    }
  }

  private static Crm crm(PostgresDatabase database) {
    return crm(database, "extended");
  }

  private static Crm crm(PostgresDatabase database, String queryMode) {
    PGSimpleDataSource pool = new PGSimpleDataSource();
    pool.setUrl(
        database.jdbcUrl(database.createLogin("app", "authenticated", "service_role"))
            + "&preferQueryMode="
            + queryMode);
    return Crm.builder(pool).schema(Installed.SCHEMA).withoutWebhookSignatures().build();
  }

  private static UUID user(Crm crm, String name, UserRole role) {
    return crm.asService().users().create(new NewUser(TEXT, name + "@example.com", role)).id();
  }
}
