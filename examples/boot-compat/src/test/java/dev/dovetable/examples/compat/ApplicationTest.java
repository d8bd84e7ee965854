package dev.dovetable.examples.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.dovetable.core.Crm;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The service on a real HTTP server and a real PostgreSQL. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "logging.level.root=warn",
      "spring.main.banner-mode=off",
      "management.endpoint.health.show-details=always",
      "crm.webhook.path=/webhook",
      "crm.webhook.secrets=" + ApplicationTest.SECRET
    })
class ApplicationTest {
  static final String SECRET = "0123456789abcdef";
  private static final String MESSAGE =
      """
      {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{
        "field": "messages", "value": {
          "metadata": {"phone_number_id": "4711"},
          "contacts": [{"wa_id": "447700900101", "profile": {"name": "Ada"}}],
          "messages": [{"id": "wamid.1", "from": "447700900101", "timestamp": "1700000000",
            "type": "text", "text": {"body": "Hello"}}]}}]}]}
      """;

  private final HttpClient http = HttpClient.newHttpClient();

  @Autowired private Crm crm;
  @Autowired private MeterRegistry meters;
  @Autowired private Application.Doubts doubts;

  @Value("${local.server.port}")
  private int port;

  // docs/recipes.md begins
  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    PostgresDatabase database = PostgresServer.shared().createDatabase();
    // The starter installs, which takes more rights than a service should have.
    properties.add("spring.datasource.url", database::jdbcUrl);
  }
  // ends

  @Test
  void aMessageComesInAndItsSenderIsListed() throws Exception {
    User admin = user("Ada", UserRole.ADMIN);
    User seller = user("Ben", UserRole.AGENT);
    Agent agent = crm.asService().agents().create(seller.id(), "shop", admin.id());
    crm.asService()
        .whatsapp()
        .save(
            NewWhatsAppConfig.of(seller.id(), "12025550110", "https://shop.example/webhook")
                .phoneNumberId("4711"));

    HttpRequest.Builder message =
        request("/webhook")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(MESSAGE));
    assertThat(send(message.header("X-Hub-Signature-256", signature(MESSAGE))).statusCode())
        .isEqualTo(200);

    HttpResponse<String> customers =
        send(request("/users/%s/agents/%s/customers".formatted(seller.id(), agent.prefix())));
    assertThat(customers.statusCode()).isEqualTo(200);
    assertThat(customers.body()).contains("\"name\":\"Ada\"", "447700900101");
    assertThatIllegalStateException().isThrownBy(() -> doubts.create(agent.prefix()));
    assertThat(crm.asAgent(agent.prefix()).customers().count()).isOne();
    String statement = "select count(*) from " + agent.prefix() + "_visits";
    assertThat(crm.asAgent(agent.prefix()).dsl().fetchValue(statement)).isEqualTo(0L);
    HttpResponse<String> nobodys =
        send(request("/users/%s/agents/nobody/customers".formatted(seller.id())));
    assertThat(nobodys.statusCode()).isEqualTo(404);
    assertThat(nobodys.body()).contains("urn:dovetable:unknown-agent");
    // Spring Boot 3 has the status first, 4 the details.
    assertThat(send(request("/actuator/health")).body())
        .containsPattern("\"crm\":\\{(\"details\":\\{[^}]*},)?\"status\":\"UP\"")
        .contains("\"agents\":\"up to date\"", "\"poolMaximum\":10");
    assertThat(
            meters
                .get("crm.webhook.received")
                .tags("outcome", "stored", "kind", "text")
                .counter()
                .count())
        .isEqualTo(1);
    System.out.printf(
        "Spring Boot %s, Java %s, jOOQ %s: passed%n",
        SpringBootVersion.getVersion(), Runtime.version().feature(), org.jooq.Constants.VERSION);
  }

  private User user(String name, UserRole role) {
    String email = name.toLowerCase(Locale.ROOT) + "@example.com";
    return crm.asService().users().create(new NewUser(name, email, role));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static String signature(String body) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] signature = mac.doFinal(body.getBytes(StandardCharsets.UTF_8));
    return "sha256=" + HexFormat.of().formatHex(signature);
  }
}
