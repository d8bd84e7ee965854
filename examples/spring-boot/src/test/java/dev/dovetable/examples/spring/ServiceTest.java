package dev.dovetable.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Conversations, orders, health and handovers over HTTP. */
class ServiceTest extends RunningService {
  private final JdbcClient jdbc;

  ServiceTest(@Autowired JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @BeforeEach
  void clear() {
    signIn(coffee);
    jdbc.sql("delete from handovers").update();
  }

  @Test
  void aMessageBecomesAConversationOfItsAgentOnly() throws Exception {
    Map<String, String> message = Map.of("phone", "15550100", "name", "Maria", "text", "Hello");

    assertThat(post("/agents/%s/messages".formatted(coffee.prefix()), message).statusCode())
        .isEqualTo(201);
    JsonNode mine = json(get("/agents/%s/conversations".formatted(coffee.prefix())));
    signIn(bikes);
    JsonNode others = json(get("/agents/%s/conversations".formatted(bikes.prefix())));

    assertThat(mine.at("/items/0/customer/name").asString()).isEqualTo("Maria");
    assertThat(mine.at("/items/0/lastMessage/text").asString()).isEqualTo("Hello");
    assertThat(mine.at("/items")).hasSize(1);
    assertThat(others.at("/items")).isEmpty();
    assertThat(json(get("/inbox/" + coffee.prefix()))).isEmpty();
    signIn(coffee);
    assertThat(json(get("/inbox/" + coffee.prefix())).at("/0/customer/name").asString())
        .isEqualTo("Maria");
  }

  @Test
  void thePrefixOfAnothersAgentLeadsToNothing() throws Exception {
    Customer customer = newCustomer();
    signIn(bikes);
    String path = "/agents/" + coffee.prefix();

    HttpResponse<String> conversations = get(path + "/conversations");
    HttpResponse<String> timeline = get(path + "/customers/%d/messages".formatted(customer.id()));
    Map<String, String> message = Map.of("phone", "1", "name", "Eve", "text", "Hello");

    assertThat(json(conversations).at("/items")).isEmpty();
    assertThat(json(timeline).at("/items")).isEmpty();
    assertThat(post(path + "/messages", message).statusCode()).isEqualTo(403);
    assertThat(handOver(customer, bikes.prefix(), "Mine!").statusCode()).isEqualTo(404);
    assertThat(crm.asAgent(coffee.prefix()).customers().list(PAGE).items())
        .containsExactly(customer);
  }

  @Test
  void nobodyIsSomebody() throws Exception {
    String path = "/agents/%s/conversations".formatted(coffee.prefix());
    signedIn = Optional.empty();
    assertThat(get(path).statusCode()).isEqualTo(401);
    signedIn = Optional.of("service_role");
    assertThat(get(path).statusCode()).isEqualTo(401);
    signedIn = Optional.of(UUID.randomUUID().toString());
    assertThat(json(get(path)).at("/items")).isEmpty();
  }

  @Test
  void conversationsComeInPages() throws Exception {
    for (int i = 0; i < 3; i++) {
      post(
          "/agents/%s/messages".formatted(coffee.prefix()),
          Map.of("phone", "1555010" + i, "name", "Customer " + i, "text", "Hello"));
    }
    String path = "/agents/%s/conversations?limit=2".formatted(coffee.prefix());

    JsonNode first = json(get(path));
    JsonNode second = json(get(path + "&after=" + first.at("/next").asString()));

    assertThat(first.at("/items")).hasSize(2);
    assertThat(second.at("/items")).hasSize(1);
    assertThat(second.at("/items/0/customer/name").asString()).isEqualTo("Customer 0");
    assertThat(get(path + "&after=nonsense").statusCode()).isEqualTo(422);
  }

  @Test
  void anOrderIsPlacedFoundAndConfirmed() throws Exception {
    Customer customer = newCustomer();
    String orders = "/agents/%s/orders".formatted(coffee.prefix());
    Map<String, Object> item = Map.of("name", "Coffee", "quantity", 2, "price", "14.50");

    JsonNode placed =
        json(post(orders, Map.of("customerId", customer.id(), "items", List.of(item))));
    String path = orders + "/" + placed.at("/order/id").asInt();

    assertThat(placed.at("/order/total").decimalValue()).isEqualByComparingTo("29.00");
    JsonNode changed = json(send("PUT", path + "/status", Map.of("status", "confirmed")));
    assertThat(changed.at("/status").asString()).isEqualTo("confirmed");
    assertThat(json(get(path)).at("/items/0/name").asString()).isEqualTo("Coffee");
    String elsewhere = path.replace(coffee.prefix(), bikes.prefix());
    assertThat(get(elsewhere).statusCode()).isEqualTo(404);
  }

  @Test
  void errorsSayWhatIsWrongAndNoMore() throws Exception {
    HttpResponse<String> unknown = get("/agents/nobody/conversations");
    HttpResponse<String> noCustomer =
        post(
            "/agents/%s/orders".formatted(coffee.prefix()),
            Map.of("customerId", -1, "items", List.of()));

    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(json(unknown).at("/detail").asString()).contains("nobody");
    assertThat(noCustomer.statusCode()).isEqualTo(404);
    assertThat(post("/agents/%s/messages".formatted(coffee.prefix()), Map.of()).statusCode())
        .isEqualTo(400);
    assertThat(get("/agents/%s/conversations?limit=0".formatted(coffee.prefix())).statusCode())
        .isEqualTo(422);
  }

  @Test
  void healthTellsOfSchemaAndPool() throws Exception {
    JsonNode crmHealth = json(get("/actuator/health")).at("/components/crm");

    assertThat(crmHealth.at("/status").asString()).isEqualTo("UP");
    assertThat(crmHealth.at("/details/state").asString()).isEqualTo("CURRENT");
    assertThat(crmHealth.at("/details/schema").asString()).isEqualTo(TestDatabase.SCHEMA);
    assertThat(crmHealth.at("/details/poolMaximum").asInt()).isEqualTo(10);
    assertThat(crmHealth.at("/details/poolActive").isInt()).isTrue();
  }

  @Test
  void aHandoverIsOneTransactionOfTheHostAndTwoAgents() throws Exception {
    Customer customer = newCustomer();

    JsonNode passed = json(handOver(customer, bikes.prefix(), "Hi, I do the bikes."));

    int newId = passed.at("/id").asInt();
    assertThat(passed.at("/phone").asString()).isEqualTo(customer.phone());
    assertThat(texts(coffee, customer.id()))
        .containsExactly("A colleague will get in touch with you.");
    assertThat(texts(bikes, newId)).containsExactly("Hi, I do the bikes.");
    assertThat(jdbc.sql("select * from handovers").query().singleRow())
        .containsEntry("customer_id", newId)
        .containsEntry("done_by", TestDatabase.LOGIN)
        .containsEntry("to_agent", bikes.prefix());
  }

  @Test
  void aHandoverThatFailsLeavesNothingBehind() throws IOException, InterruptedException {
    Customer customer = newCustomer();

    assertThat(handOver(customer, "nobody", "Hello?").statusCode()).isEqualTo(404);
    // Refused by the application's own table, after both agents' statements.
    assertThat(handOver(customer, bikes.prefix(), "").statusCode()).isEqualTo(409);

    assertThat(texts(coffee, customer.id())).isEmpty();
    assertThat(crm.asAgent(bikes.prefix()).customers().list(PAGE).items()).isEmpty();
    assertThat(jdbc.sql("select count(*) from handovers").query(Long.class).single()).isZero();
  }

  private HttpResponse<String> handOver(Customer customer, String to, String reason)
      throws IOException, InterruptedException {
    return post(
        "/agents/%s/customers/%d/handover".formatted(coffee.prefix(), customer.id()),
        Map.of("to", to, "reason", reason));
  }

  private Customer newCustomer() {
    return crm.asAgent(coffee.prefix()).customers().create(new NewCustomer("Maria", "15550100"));
  }
}
