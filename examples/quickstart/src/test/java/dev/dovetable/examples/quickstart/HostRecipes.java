package dev.dovetable.examples.quickstart;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.deliveries.MessageDetails;
import dev.dovetable.core.messages.Message;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import tools.jackson.databind.json.JsonMapper;

/** The recipes that are about the application around; {@link HostRecipesTest} runs them. */
final class HostRecipes {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Crm crm;

  HostRecipes(Crm crm) {
    this.crm = crm;
  }

  void leave(UUID gone) {
    // docs/recipes.md begins
    Field<UUID> packedBy = DSL.field(DSL.name("packed_by"), UUID.class);
    crm.transaction(
        inner -> {
          TenantScope all = inner.asService().tenant("agt_6f78");
          all.dsl()
              .update(all.tables().orders())
              .setNull(packedBy)
              .where(packedBy.eq(gone))
              .execute();
          return inner.asService().agents().members("agt_6f78").remove(gone);
        });
    // ends
  }

  List<Record> products(TenantScope shop) {
    // docs/recipes.md begins
    Table<Record> products = DSL.table(DSL.name(crm.schema(), shop.prefix() + "_products"));
    List<Record> cheap =
        shop.dsl().selectFrom(products).where("price < {0}", DSL.val(20)).limit(30).fetch();
    // ends
    return cheap;
  }

  Optional<Path> media(
      TenantScope shop, Message message, String graph, String accessToken, Path target)
      throws IOException, InterruptedException {
    // docs/recipes.md begins
    Optional<String> media =
        shop.deliveries().details(message.id()).flatMap(MessageDetails::mediaId);
    if (media.isEmpty()) {
      return Optional.empty();
    }
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest.Builder request =
        HttpRequest.newBuilder()
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + accessToken);
    String found =
        http.send(
                request.uri(URI.create(graph + "/" + media.get())).build(), BodyHandlers.ofString())
            .body();
    String url = JSON.readTree(found).path("url").asString();
    http.send(request.uri(URI.create(url)).build(), BodyHandlers.ofFile(target));
    // ends
    return Optional.of(target);
  }

  static long replica(DataSource replica, UUID signedIn) {
    // docs/recipes.md begins
    Crm reports = Crm.builder(replica).statementTimeout(Duration.ofMinutes(1)).build();
    TenantScope reading = reports.as(Actor.user(signedIn)).tenant("agt_6f78").readOnly();
    long messages = reading.messages().count();
    // ends
    return messages;
  }

  static List<Crm> schemas(DataSource dataSource) {
    // docs/recipes.md begins
    Crm europe = Crm.builder(dataSource).schema("crm_eu").build();
    Crm america = Crm.builder(dataSource).schema("crm_us").build();
    // ends
    return List.of(europe, america);
  }

  static int notes(TenantScope shop, int customerId) {
    // docs/recipes.md begins
    shop.inbox().note(customerId, "Prefers to be called after six.");
    int noted = shop.inbox().notes(customerId, PageRequest.first(30)).items().size();
    // ends
    return noted;
  }
}
