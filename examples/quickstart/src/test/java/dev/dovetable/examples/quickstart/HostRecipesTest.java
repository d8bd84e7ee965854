package dev.dovetable.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.inbox.Inbox;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the recipes about the application around do. */
@FreshDatabase
class HostRecipesTest {
  private static final String FILE = "001_add_packers_and_products.sql";
  private static final String NUMBER = "104590130000131";

  private static PostgresDatabase database;
  private static Crm crm;
  private static User ben;
  private static User kim;
  private static TenantScope shop;
  private static HostRecipes recipes;

  @BeforeAll
  static void open(PostgresDatabase fresh) {
    database = fresh;
    CrmSchema.create().install(fresh.dataSource());
    AgentExtension packing = AgentExtension.fromClassPath("packing", "db/recipes", FILE);
    AgentMigrations.of(Webhooks.extension(), Inbox.extension(), packing).run(fresh.dataSource());
    crm = Crm.builder(fresh.dataSource()).withoutWebhookSignatures().build();
    User ada = user("ada", UserRole.ADMIN);
    ben = user("ben", UserRole.AGENT);
    kim = user("kim", UserRole.AGENT);
    crm.asService().agents().create(ben.id(), "agt_6f78", ada.id());
    shop = crm.as(Actor.user(ben.id())).tenant("agt_6f78");
    recipes = new HostRecipes(crm);
  }

  private static User user(String name, UserRole role) {
    return crm.asService().users().create(new NewUser(name, name + "@crm.example", role));
  }

  @Test
  void thePageShowsTheFile() {
    assertThat(Pages.blocks("docs/recipes.md", "sql"))
        .containsExactly(
            Pages.text("examples/quickstart/src/test/resources/db/recipes/" + FILE).strip());
  }

  @Test
  void whoeverLeavesPacksNothingAnyMore() {
    crm.asService().agents().members("agt_6f78").add(kim.id());
    Customer maria = shop.customers().create(new NewCustomer("Maria", "1202"));
    shop.orders().place(NewOrder.of(maria.id(), List.of()));
    TenantScope kims = crm.as(Actor.user(kim.id())).tenant("agt_6f78");
    assertThat(kims.dsl().execute("update agt_6f78_orders set packed_by = {0}", kim.id())).isOne();

    recipes.leave(kim.id());

    assertThat(shop.dsl().fetchValue("select count(packed_by) from agt_6f78_orders")).isEqualTo(0L);
    assertThat(kims.orders().list(PageRequest.first(5)).items()).isEmpty();
  }

  @Test
  void productsAreTheAgentsOwn() {
    shop.dsl().execute("insert into agt_6f78_products (name, price) values ('Filters', 4.5)");
    shop.dsl().execute("insert into agt_6f78_products (name, price) values ('Grinder', 89)");

    assertThat(recipes.products(shop))
        .extracting(row -> row.get("name", String.class))
        .containsExactly("Filters");
  }

  @Test
  void notesStayWithTheConversation() {
    Customer maria = shop.customers().create(new NewCustomer("Maria", "1203"));
    shop.messages().recordInbound(maria.id(), "Hello");

    assertThat(HostRecipes.notes(shop, maria.id())).isOne();
  }

  @Test
  void aFileIsFetchedInTwoSteps(@TempDir Path folder) throws Exception {
    crm.asService()
        .whatsapp()
        .save(
            NewWhatsAppConfig.of(ben.id(), "13125550199", "https://crm.example/hook")
                .phoneNumberId(NUMBER));
    receiveImage();
    Message image = shop.messages().list(PageRequest.first(1)).items().get(0);
    HttpServer graph =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String address = "http://localhost:" + graph.getAddress().getPort();
    graph.createContext("/4711", each -> answer(each, "{\"url\": \"" + address + "/file\"}"));
    graph.createContext("/file", each -> answer(each, "bytes"));
    graph.start();
    try {
      Path target = folder.resolve("file");
      assertThat(recipes.media(shop, image, address, "secret", target)).hasValue(target);
      assertThat(Files.readString(target)).isEqualTo("bytes");
    } finally {
      graph.stop(0);
    }
  }

  private static void receiveImage() {
    String body =
        """
        {"entry": [{"id": "1", "changes": [{"field": "messages", "value": {
          "metadata": {"phone_number_id": "%s"},
          "messages": [{"from": "13125550142", "id": "wamid.9", "timestamp": "1999988931",
            "type": "image", "image": {"id": "4711", "mime_type": "image/jpeg"}}]}}]}]}
        """
            .formatted(NUMBER);
    crm.webhooks().receive(body.getBytes(StandardCharsets.UTF_8), null);
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    boolean knows = "Bearer secret".equals(exchange.getRequestHeaders().getFirst("Authorization"));
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(knows ? 200 : 401, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Test
  void reportsReadOnly() {
    shop.customers().create(new NewCustomer("Tom", "1204"));

    assertThat(HostRecipes.replica(database.dataSource(), ben.id()))
        .isEqualTo(shop.messages().count());
  }

  @Test
  void schemasKnowNothingOfEachOther() {
    List<Crm> both = HostRecipes.schemas(database.dataSource());
    both.forEach(
        each -> CrmSchema.builder().schema(each.schema()).build().install(database.dataSource()));

    User eva =
        both.get(0).asService().users().create(new NewUser("eva", "eva@x.example", UserRole.ADMIN));
    assertThat(both.get(1).asService().users().find(eva.id())).isEmpty();
    assertThatThrownBy(() -> both.get(1).asService().agents().create(eva.id(), "agt_eva", eva.id()))
        .isNotNull();
  }
}
