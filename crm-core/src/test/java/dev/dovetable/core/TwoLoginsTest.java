package dev.dovetable.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.core.webhooks.WebhookReport;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.schema.migration.AgentMigrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Consumer;
import org.jooq.ConnectionProvider;
import org.jooq.Result;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What faces the web logs in as a role that isn't a member of service_role. */
class TwoLoginsTest extends DatabaseTest {
  private static String web;
  private static HikariDataSource webPool;
  private static Crm both;

  private Agent agent;
  private TenantScope shop;

  /** What only the service does. */
  private static final List<Consumer<Crm>> SERVICE =
      List.of(
          Crm::asService,
          crm -> crm.as(Actor.service()),
          crm -> crm.asAgent("agt_1"),
          Crm::webhooks);

  @BeforeAll
  static void logIn() throws SQLException {
    web = database.createLogin("web");
    superuser("grant authenticated to " + web);
    superuser("create table hosts_secrets (secret text)");
    superuser("grant select on hosts_secrets to " + login);
    AgentMigrations.builder(Webhooks.extension())
        .schema(Installed.SCHEMA)
        .build()
        .run(database.dataSource());
    webPool = pool(web, 4);
    both =
        Crm.builder(webPool)
            .schema(Installed.SCHEMA)
            .serviceDataSource(pool)
            .withoutWebhookSignatures()
            .build();
  }

  @AfterAll
  static void logOut() {
    webPool.close();
  }

  @BeforeEach
  void makeAgent() {
    agent = newAgent();
    shop = both.as(Actor.user(agent.userId().orElseThrow())).tenant(agent.prefix());
  }

  @Test
  void usersHaveOneLoginAndTheServiceTheOther() {
    assertThat(loginOf(shop)).isEqualTo(web);
    assertThat(loginOf(both.asService().tenant(agent.prefix()))).isEqualTo(login);
    assertThat(loginOf(both.as(Actor.service()).tenant(agent.prefix()))).isEqualTo(login);
    assertThat(loginOf(both.asAgent(agent.prefix()))).isEqualTo(login);
  }

  @Test
  void usersSeeTheirOwnAndAdminsAll() {
    Customer maria = shop.customers().create(new NewCustomer("Maria", "13125550142"));
    User eve = newUser(UserRole.AGENT);

    assertThat(both.asAgent(agent.prefix()).customers().find(maria.id())).contains(maria);
    assertThat(both.as(Actor.user(eve.id())).tenant(agent.prefix()).customers().count()).isZero();
    ActorScope admins = both.as(Actor.user(admin.id()));
    assertThat(admins.tenant(agent.prefix()).customers().count()).isOne();
    String prefix = agent.prefix() + "_b";
    Agent made = admins.agents().create(eve.id(), prefix, admin.id());
    assertThat(both.as(Actor.user(eve.id())).tenant(prefix).customers().count()).isZero();
    assertThat(admins.agents().delete(made.id())).isTrue();
  }

  @Test
  void callbacksAreRoutedByTheServicesLogin() {
    String number = "number-of-" + agent.prefix();
    both.asService()
        .whatsapp()
        .save(
            NewWhatsAppConfig.of(agent.userId().orElseThrow(), "15550199", "https://x.example")
                .phoneNumberId(number)
                .verifyToken("token of " + agent.prefix()));
    byte[] body =
        """
        {"entry": [{"id": "1", "changes": [{"field": "messages", "value": {
          "metadata": {"phone_number_id": "%s"}, "messages": [{"from": "15550100", "id": "wamid.%s",
            "timestamp": "1794988931", "type": "text", "text": {"body": "Hello"}}]}}]}]}"""
            .formatted(number, agent.prefix())
            .getBytes(UTF_8);

    for (Outcome outcome : List.of(Outcome.STORED, Outcome.DUPLICATE)) {
      assertThat(both.webhooks().receive(body, null).results())
          .extracting(WebhookReport.Result::outcome)
          .containsExactly(outcome);
    }

    assertThat(shop.messages().latest(customer("15550100"), 9))
        .extracting(Message::text)
        .containsExactly("Hello");
    assertThat(both.webhooks().handshake("subscribe", "token of " + agent.prefix(), "7"))
        .contains("7");
  }

  /** The bound, and what isn't bound: claims are a setting that every login may write. */
  @Test
  void sqlOfAnotherIsWhoeverItSaysButTheService() {
    shop.customers().create(new NewCustomer("Maria", "13125550142"));
    User eve = newUser(UserRole.AGENT);
    TenantScope eves = both.as(Actor.user(eve.id())).tenant(agent.prefix());

    for (String attempt :
        List.of(
            "set role service_role",
            "set session role service_role",
            "select set_config('role', 'service_role', true)",
            "set session authorization service_role",
            "select * from crm_private.unrouted_webhooks",
            "reset role; select secret from hosts_secrets",
            "select api_key from crm.whatsapp_configuration")) {
      assertThatThrownBy(() -> eves.dsl().execute(attempt))
          .as(attempt)
          .isInstanceOf(AccessDeniedException.class);
    }
    Thrown.refused(
        RefusedException.Reason.TRANSACTION_ENDED,
        () ->
            eves.transaction(
                tx -> {
                  tx.dsl().execute("reset role");
                  return tx.dsl().fetch("select secret from hosts_secrets");
                }));
    for (User claimed : List.of(eve, admin)) {
      // In one text: between two, the library looks whom the transaction acts as.
      Result<?> customers =
          eves.dsl()
              .fetchMany(
                  "select set_config('request.jwt.claims', '{\"sub\": \"%s\"}', true); select id from %s"
                      .formatted(claimed.id(), eves.dsl().renderInlined(eves.tables().customers())))
              .get(1);
      long seen = customers.size();
      assertThat(seen).isEqualTo(claimed.equals(admin) ? 1 : 0);
    }
  }

  @Test
  void withoutTheServiceItsFormsThrowBeforeAnythingIsSent() {
    Crm users = Crm.builder(new NoConnections()).withoutService().build();

    for (Consumer<Crm> form : SERVICE) {
      Thrown.refused(RefusedException.Reason.NO_SERVICE, () -> form.accept(users));
      assertThatThrownBy(() -> form.accept(users)).hasMessageContaining("serviceDataSource");
    }
    Crm alone = Crm.builder(webPool).schema(Installed.SCHEMA).withoutService().build();
    long seen =
        alone.transaction(
            tx -> {
              Thrown.refused(RefusedException.Reason.NO_SERVICE, tx::asService);
              return own(tx).customers().count();
            });
    assertThat(seen).isZero();
  }

  @Test
  void aTransactionIsTheUsersAndTheServicesFormsThrowInIt() {
    both.transaction(
        tx -> {
          own(tx).customers().create(new NewCustomer("Maria", "13125550142"));
          assertThat(loginOf(own(tx))).isEqualTo(web);
          for (Consumer<Crm> form : SERVICE) {
            Thrown.refused(RefusedException.Reason.NO_SERVICE, () -> form.accept(tx));
            Thrown.refused(
                RefusedException.Reason.NO_SERVICE,
                () ->
                    tx.transaction(
                        inner -> {
                          form.accept(inner);
                          return null;
                        }));
          }
          assertThat(both.asAgent(agent.prefix()).customers().count()).isZero();
          return own(tx).customers().count();
        });
    assertThat(shop.customers().count()).isOne();
  }

  /** Not even with the transaction of the host's, which the users' statements are part of. */
  @Test
  void theServicesConnectionsAreItsOwn() throws SQLException {
    try (Connection host = webPool.getConnection()) {
      host.setAutoCommit(false);
      Crm joining =
          Crm.builder(DSL.using(host, SQLDialect.POSTGRES))
              .schema(Installed.SCHEMA)
              .serviceDataSource(pool)
              .build();
      own(joining).customers().create(new NewCustomer("Maria", "13125550142"));
      joining.asAgent(agent.prefix()).customers().create(new NewCustomer("Tom", "16175550167"));
      assertThat(own(joining).customers().count()).isEqualTo(2);
      host.rollback();
    }

    assertThat(shop.customers().findByPhone("13125550142")).isEmpty();
    assertThat(shop.customers().findByPhone("16175550167")).isPresent();
  }

  @Test
  void aLoginThatWasNotSaidToDoWithoutIsToldBoth() {
    Crm mistaken = crm(webPool);

    assertThat(own(mistaken).customers().count()).isZero();
    assertThatThrownBy(() -> mistaken.asService().tenant(agent.prefix()).customers().count())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("grant authenticated, service_role to " + web + ";")
        .hasMessageContaining("serviceDataSource");
  }

  @Test
  void thereIsAServiceOrNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Crm.builder(webPool).serviceDataSource(pool).withoutService().build());
  }

  private static final class NoConnections implements ConnectionProvider {
    @Override
    public Connection acquire() {
      throw new AssertionError("a connection was asked for");
    }

    @Override
    public void release(Connection connection) {}
  }

  private TenantScope own(Crm of) {
    return of.as(Actor.user(agent.userId().orElseThrow())).tenant(agent.prefix());
  }

  private int customer(String phone) {
    return shop.customers().findByPhone(phone).orElseThrow().id();
  }

  private static String loginOf(TenantScope scope) {
    return scope.dsl().fetchSingle("select session_user::text").into(String.class);
  }

  private static void superuser(String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
