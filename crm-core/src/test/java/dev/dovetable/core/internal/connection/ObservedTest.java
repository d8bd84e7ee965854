package dev.dovetable.core.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.changes.ChangeFeed;
import dev.dovetable.core.changes.ChangeSubscription;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.CrmObserver;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.CountedTest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.testkit.server.wire.OneConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObservedTest extends CountedTest {
  private final Heard heard = new Heard();
  private Crm observed;
  private Agent agent;
  private TenantScope shop;

  private record Statement(
      String operation,
      Optional<String> prefix,
      int roundTrips,
      Optional<RuntimeException> failure) {}

  private static final class Heard implements CrmObserver {
    final List<Statement> statements = new CopyOnWriteArrayList<>();
    final List<String> received = new CopyOnWriteArrayList<>();
    final List<Duration> lags = new CopyOnWriteArrayList<>();
    boolean throwing;

    @Override
    public StatementEnd onStatement(String operation, Optional<String> prefix) {
      fail();
      return (roundTrips, failure) -> {
        statements.add(new Statement(operation, prefix, roundTrips, failure));
        fail();
      };
    }

    @Override
    public void onReceived(String outcome, String kind) {
      received.add(outcome + " " + kind);
      fail();
    }

    @Override
    public void onChanges(int changes, Duration lag) {
      lags.add(lag);
      fail();
    }

    private void fail() {
      if (throwing) {
        throw new AssertionError("an observer's own mistake");
      }
    }

    Statement only() {
      assertThat(statements).hasSize(1);
      return statements.remove(0);
    }
  }

  @BeforeAll
  static void prepareAgents() {
    AgentMigrations.builder(Webhooks.extension(), ChangeFeed.extension())
        .schema(Installed.SCHEMA)
        .build()
        .run(database.dataSource());
  }

  @BeforeEach
  void open() {
    observed = observe(heard);
    agent = newAgent();
    shop = observed.asAgent(agent.prefix());
  }

  private static Crm observe(CrmObserver observer) {
    return Crm.builder(OneConnection.of(connection))
        .schema(Installed.SCHEMA)
        .withoutWebhookSignatures()
        .observer(observer)
        .build();
  }

  @Test
  void eachStatementIsToldWithItsOperationAndRoundTrips() {
    wire.take();
    shop.customers().create(new NewCustomer("Ada", "1"));
    int trips = wire.take();
    assertThat(heard.only())
        .isEqualTo(told("customers.create", Optional.of(agent.prefix()), trips));

    shop.messages().list(PageRequest.first(5));
    assertThat(heard.only().operation()).isEqualTo("messages.list");
    observed.asService().users().list(PageRequest.first(5));
    assertThat(heard.only()).isEqualTo(told("users.list", Optional.empty(), 1));
    shop.dsl().fetch("select 1");
    assertThat(heard.only().operation()).isEqualTo("other");
  }

  @Test
  void inATransactionEachHasItsOwn() {
    wire.take();
    shop.transaction(
        inner -> {
          Customer ada = inner.customers().create(new NewCustomer("Ada", "1"));
          return inner.messages().recordInbound(ada.id(), "Hello");
        });
    int trips = wire.take();

    assertThat(heard.statements)
        .extracting(Statement::operation)
        .containsExactly("customers.create", "messages.recordInbound");
    assertThat(heard.statements.stream().mapToInt(Statement::roundTrips).sum())
        .as("but for the COMMIT")
        .isEqualTo(trips - 1);
  }

  @Test
  void whatFailsIsToldAsWhatTheLibraryMakesOfIt() {
    assertThatThrownBy(() -> shop.messages().recordInbound(-1, "Hello"))
        .isInstanceOf(NotFoundException.class);
    Statement refused = heard.only();
    assertThat(refused.operation()).isEqualTo("messages.recordInbound");
    assertThat(refused.failure()).get().isInstanceOf(InvalidDataException.class);

    int trips =
        trips(
            () ->
                assertThatThrownBy(() -> shop.dsl().execute("delete from pg_class"))
                    .isInstanceOf(AccessDeniedException.class));
    Statement denied = heard.only();
    assertThat(denied.failure()).get().isInstanceOf(AccessDeniedException.class);
    assertThat(denied.roundTrips()).as("with those that find out why").isEqualTo(trips);
  }

  @Test
  void streamsAndBatchesAreTold() {
    Customer ada = shop.customers().create(new NewCustomer("Ada", "1"));
    shop.messages().recordAll(List.of(NewMessage.inbound(ada.id(), "1")));
    heard.statements.clear();

    try (Stream<Message> all = shop.messages().stream()) {
      assertThat(all).hasSize(1);
    }
    assertThat(heard.statements).isNotEmpty().allMatch(one -> one.failure().isEmpty());
  }

  @Test
  void resultsOfCallbacksAreToldByOutcomeAndKind() {
    receive(
        """
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{
          "field": "messages", "value": {"metadata": {"phone_number_id": "unknown"},
          "messages": [{"id": "wamid.1", "from": "447700900101", "timestamp": "1700000000",
            "type": "text", "text": {"body": "Hello"}}]}}]}]}
        """);
    receive("no JSON");

    assertThat(heard.received).containsExactly("kept_unrouted text", "kept_unrouted none");
    assertThat(heard.statements).extracting(Statement::operation).containsOnly("webhooks.receive");
  }

  private void receive(String body) {
    observed.webhooks().receive(body.getBytes(StandardCharsets.UTF_8), null);
  }

  @Test
  void listenersLagIsTold() throws InterruptedException {
    CountDownLatch told = new CountDownLatch(1);
    Crm listening = Crm.builder(pool).schema(Installed.SCHEMA).observer(heard).build();
    try (ChangeSubscription open =
        listening.asAgent(agent.prefix()).changes().listen(changes -> told.countDown())) {
      shop.customers().create(new NewCustomer("Ada", "1"));
      assertThat(told.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(open.isOpen()).isTrue();
    }

    assertThat(heard.lags).isNotEmpty().allMatch(lag -> !lag.isNegative());
    assertThat(heard.statements).extracting(Statement::operation).contains("changes.poll");
  }

  @Test
  void anObserverThatThrowsIsNobodysBusiness() {
    heard.throwing = true;

    Customer ada = shop.customers().create(new NewCustomer("Ada", "1"));
    receive("no JSON");

    assertThat(crm.asAgent(agent.prefix()).customers().find(ada.id())).contains(ada);
    assertThat(heard.received).hasSize(1);
  }

  @Test
  void withoutOneNothingListens() {
    assertThat(counted.asAgent(agent.prefix()).dsl().configuration().executeListenerProviders())
        .hasSize(1);
    assertThat(shop.dsl().configuration().executeListenerProviders()).hasSize(2);
  }

  private static Statement told(String operation, Optional<String> prefix, int roundTrips) {
    return new Statement(operation, prefix, roundTrips, Optional.empty());
  }
}
