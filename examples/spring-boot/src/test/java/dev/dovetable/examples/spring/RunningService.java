package dev.dovetable.examples.spring;

import dev.dovetable.core.Crm;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The service on a real HTTP server and a real PostgreSQL, logged in as a login that is nothing
 * special; two agents for each test.
 */
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "logging.level.root=warn",
      "spring.main.banner-mode=off",
      "crm.webhook.secrets=" + RunningService.SECRET
    })
abstract class RunningService {
  static final String SECRET = "0123456789abcdef";
  static final PageRequest PAGE = PageRequest.first(10);

  private static final AtomicInteger SEQUENCE = new AtomicInteger();
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient http = HttpClient.newHttpClient();

  @Autowired Crm crm;
  @LocalServerPort private int port;

  Agent coffee;
  Agent bikes;

  /** Who sends what is sent from now on; empty for nobody. */
  Optional<String> signedIn = Optional.empty();

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    properties.add("spring.datasource.url", TestDatabase::url);
    properties.add("crm.schema.name", () -> TestDatabase.SCHEMA);
  }

  @BeforeEach
  void makeAgents() {
    User admin = newUser(UserRole.ADMIN);
    coffee = newAgent("coffee", admin);
    bikes = newAgent("bikes", admin);
  }

  final List<String> texts(Agent agent, int customerId) {
    return crm.asAgent(agent.prefix()).messages().timeline(customerId, PAGE).items().stream()
        .map(Message::text)
        .toList();
  }

  final User newUser(UserRole role) {
    String email = "user" + SEQUENCE.incrementAndGet() + "@example.com";
    return crm.asService().users().create(new NewUser("Somebody", email, role));
  }

  final Agent newAgent(String trade, User admin) {
    String prefix = trade + "_" + SEQUENCE.incrementAndGet();
    return crm.asService().agents().create(newUser(UserRole.AGENT).id(), prefix, admin.id());
  }

  final HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).build());
  }

  final HttpResponse<String> post(String path, Object body)
      throws IOException, InterruptedException {
    return send("POST", path, body);
  }

  final HttpResponse<String> send(String method, String path, Object body)
      throws IOException, InterruptedException {
    HttpRequest request =
        request(path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build();
    return send(request);
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    signedIn.ifPresent(user -> request.header(HeaderSignIn.HEADER, user));
    return request;
  }

  final void signIn(Agent as) {
    signedIn = Optional.of(as.userId().orElseThrow().toString());
  }

  final HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, BodyHandlers.ofString());
  }

  final URI uri(String path) {
    return URI.create("http://localhost:" + port + path);
  }

  static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }
}
