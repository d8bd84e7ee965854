package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.changes.ChangeCursor;
import dev.dovetable.core.changes.ChangeFeed;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.inbox.Inbox;
import dev.dovetable.core.messages.MessageSearch;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.core.webhooks.WebhookBodies;
import dev.dovetable.core.webhooks.WebhookBodies.Item;
import dev.dovetable.core.webhooks.WebhookBodies.Status;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.schema.archive.AgentArchive;
import dev.dovetable.schema.archive.ExportOptions;
import dev.dovetable.schema.archive.ImportOptions;
import dev.dovetable.schema.archive.ImportReport;
import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.doctor.OrderTotals;
import dev.dovetable.schema.migration.AgentMigrations;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An agent with all of the library's extensions as an archive, taken as the service. */
class ArchiveTest extends DatabaseTest {
  private static final AgentArchive ARCHIVE =
      AgentArchive.builder().schema(Installed.SCHEMA).build();
  private static final String NUMBER = "n-77";
  private static final PageRequest PAGE = PageRequest.first(50);

  @BeforeAll
  static void prepare() {
    AgentMigrations.builder(
            Webhooks.extension(),
            Inbox.extension(),
            MessageSearch.extension(),
            ChangeFeed.extension())
        .schema(Installed.SCHEMA)
        .build()
        .run(database.dataSource());
  }

  private static Agent filled(String prefix) {
    Agent agent = newAgent(prefix);
    crm.asService()
        .whatsapp()
        .save(
            NewWhatsAppConfig.of(agent.userId().orElseThrow(), "15550199", "https://x.example")
                .phoneNumberId(NUMBER));
    TenantScope shop = crm.asAgent(prefix);
    int ada = shop.customers().create(new NewCustomer("Ada", "+44 7700 900123")).id();
    shop.orders()
        .place(NewOrder.of(ada, List.of(new NewOrderItem("Cup", 3, new BigDecimal("2.50")))));
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      items.add(Text.from("wamid." + i, "4477009" + i % 7, "US." + i % 5, "Name " + i % 3, i));
    }
    receive(items);
    int sent = shop.messages().recordOutbound(ada, "on its way").id();
    shop.deliveries().link(sent, "wamid.sent");
    receive(List.of(new Status("wamid.sent", "read", 90), new Status("wamid.early", "failed", 91)));
    shop.inbox().tag(ada, "vip");
    shop.inbox().note(ada, "calls on Mondays");
    shop.inbox().close(ada, sent, shop.inbox().find(ada).orElseThrow().version());
    return agent;
  }

  private static void receive(List<Item> items) {
    Crm.builder(pool)
        .schema(Installed.SCHEMA)
        .withoutWebhookSignatures()
        .build()
        .webhooks()
        .receive(WebhookBodies.body(NUMBER, items).getBytes(StandardCharsets.UTF_8), null);
  }

  @Test
  void becomesAnAgentLikeIt() throws SQLException {
    filled("shop_a");
    Map<String, String> before = hashes("shop_a");
    assertThat(before).hasSizeGreaterThan(14);
    // What a writer has marked and nobody has computed yet is of the archive, too.
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ARCHIVE.export(pool, "shop_a", out, ExportOptions.DEFAULTS);
    ChangeCursor now = crm.asService().changes().now();

    UUID user = newUser(UserRole.AGENT).id();
    ImportReport report =
        ARCHIVE.importAs(
            database.dataSource(),
            "shop_b",
            new ByteArrayInputStream(out.toByteArray()),
            ImportOptions.user(user).createdBy(admin.id()));

    assertThat(hashes("shop_b")).isEqualTo(before);
    assertThat(hashes("shop_a")).isEqualTo(before);
    assertThat(report.numbersTaken()).containsExactly(NUMBER);
    assertThat(report.namingAgents()).isEmpty();
    assertHealthy();
    assertThat(crm.asService().changes().read(now, 100).changes()).isEmpty();

    // All that triggers and functions do, they do for the new agent.
    TenantScope copy = crm.asAgent("shop_b");
    assertThat(copy.messages().search("way", MessageSearch.everywhere(), PAGE).items()).hasSize(1);
    int ada =
        copy.customers().findByPhone("+44 7700 900123").stream()
            .map(customer -> customer.id())
            .findFirst()
            .orElseThrow();
    int unread = copy.inbox().find(ada).orElseThrow().unread();
    copy.messages().recordInbound(ada, "once more");
    assertThat(copy.inbox().find(ada).orElseThrow().unread()).isEqualTo(unread + 1);
    assertThat(crm.asAgent("shop_a").inbox().find(ada).orElseThrow().unread()).isEqualTo(unread);
    assertThat(crm.asService().changes().read(now, 100).changes()).isNotEmpty();
  }

  @Test
  void aCopyWithoutMessagesHasConversationsWithoutThem() throws SQLException {
    Agent agent = newAgent("talks");
    TenantScope shop = crm.asAgent("talks");
    int bo = shop.customers().create(new NewCustomer("Bo", "1")).id();
    shop.messages().recordInbound(bo, "hello");
    shop.inbox().tag(bo, "new");

    ARCHIVE.copy(
        database.dataSource(),
        agent.prefix(),
        "talks_b",
        ExportOptions.DEFAULTS.withoutMessages(),
        ImportOptions.user(newUser(UserRole.AGENT).id()));
    TenantScope copy = crm.asAgent("talks_b");
    assertThat(copy.messages().count()).isZero();
    assertThat(copy.inbox().find(bo).orElseThrow().unread()).isZero();
    assertThat(copy.inbox().find(bo).orElseThrow().tags()).containsExactly("new");
    assertThat(shop.inbox().find(bo).orElseThrow().unread()).isEqualTo(1);
    assertHealthy();
  }

  private static void assertHealthy() {
    assertThat(
            CrmDoctor.builder()
                .schema(Installed.SCHEMA)
                .orderTotals(OrderTotals.FULL)
                .build()
                .examine(database.dataSource())
                .findings())
        .isEmpty();
  }

  /** Of each table's rows, in whatever order, without the agent's id. */
  private static Map<String, String> hashes(String prefix) throws SQLException {
    Map<String, String> hashes = new TreeMap<>();
    try (Connection connection = database.dataSource().getConnection()) {
      DSLContext dsl = DSL.using(connection, SQLDialect.POSTGRES);
      dsl.execute("set timezone = 'UTC'");
      for (Record table :
          dsl.fetch(
              """
              select substr(c.relname, ?) as name, format(
                'select count(*) || '' '' || md5(coalesce(string_agg(row(%s)::text, '','' order by row(%s)::text), '''')) from %s',
                string_agg(quote_ident(a.attname), ',' order by a.attname),
                string_agg(quote_ident(a.attname), ',' order by a.attname), c.oid::regclass) as query
              from pg_class c
              join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attname <> 'agent_id'
              where c.relnamespace = 'crm'::regnamespace and c.relname like ? and c.relkind = 'r'
              group by c.oid
              """,
              prefix.length() + 2, prefix.replace("_", "\\_") + "\\_%")) {
        String hash = dsl.fetchSingle(table.get("query", String.class)).get(0, String.class);
        hashes.put(table.get("name", String.class), Optional.ofNullable(hash).orElse(""));
      }
    }
    return hashes;
  }
}
