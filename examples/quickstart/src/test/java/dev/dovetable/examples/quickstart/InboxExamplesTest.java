package dev.dovetable.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.inbox.ConversationStatus;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the page about the inbox shows. */
@FreshDatabase
class InboxExamplesTest {

  @Test
  void thePageIsRun(PostgresDatabase database) {
    CrmSchema.create().install(database.dataSource());
    Crm crm = Crm.builder(database.dataSource()).build();
    UUID ada = user(crm, "ada", UserRole.ADMIN);
    UUID ben = user(crm, "ben", UserRole.AGENT);
    crm.asService().agents().create(ben, "shop", ada);
    TenantScope shop = crm.as(Actor.user(ben)).tenant("shop");
    int maria = shop.customers().create(new NewCustomer("Maria", "13125550142")).id();
    int leo = shop.customers().create(new NewCustomer("Leo", "13125550143")).id();
    for (int customer : List.of(maria, leo)) {
      shop.dsl()
          .execute(
              "insert into public.shop_messages (customer_id, message, direction, timestamp)"
                  + " values (?, 'Hello', 'inbound', now() - interval '3 months')",
              customer);
    }
    InboxExamples.register(database.dataSource());
    List<String> output = new ArrayList<>();

    Instant now = Instant.now();
    shop.messages().recordInbound(maria, "Un Café en Bogotá, +44 7700 900123", now);
    new InboxExamples(shop, output)
        .search(database.dataSource(), maria, now.minusSeconds(60), now.plusSeconds(60));
    assertThat(output)
        .containsExactly("Caf", "Bogotá", "Un Café en Bogotá, +44 7700 900123", "Maria");
    output.clear();

    new InboxExamples(shop, output).answer(maria, ben);
    assertThat(output).isEmpty();
    assertThat(shop.inbox().find(maria))
        .hasValueSatisfying(
            state -> {
              assertThat(state.status()).isEqualTo(ConversationStatus.CLOSED);
              assertThat(state.assignee()).contains(ben);
              assertThat(state.unread()).isZero();
              assertThat(state.tags()).containsExactly("wholesale");
            });

    Instant later = now.plusSeconds(2).truncatedTo(ChronoUnit.SECONDS);
    shop.messages().recordInbound(maria, "Thank you", later);
    new InboxExamples(shop, output).list(ben);
    assertThat(output)
        .containsExactly(
            "Maria: Thank you",
            "free to answer until " + later.plus(1, ChronoUnit.DAYS),
            "2 open, 1 of them mine");

    assertThat(shop.inbox().find(leo))
        .hasValueSatisfying(state -> assertThat(state.unread()).isEqualTo(1));
    for (String sql : Pages.blocks("docs/inbox.md", "sql")) {
      shop.dsl().execute(sql);
    }
    assertThat(shop.inbox().find(leo))
        .hasValueSatisfying(
            state -> {
              assertThat(state.status()).isEqualTo(ConversationStatus.CLOSED);
              assertThat(state.unread()).isZero();
            });
  }

  private static UUID user(Crm crm, String name, UserRole role) {
    return crm.asService().users().create(new NewUser(name, name + "@crm.example", role)).id();
  }
}
