package dev.dovetable.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.changes.ChangeSubscription;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@FreshDatabase(perMethod = true)
class ChangesExamplesTest {
  @Test
  void thePageDoesWhatItSays(PostgresDatabase database) throws Exception {
    CrmSchema.create().install(database.dataSource());
    ChangesExamples examples = new ChangesExamples();
    examples.register(database.dataSource());
    Crm crm = Crm.create(database.dataSource());
    UUID ada =
        crm.asService().users().create(new NewUser("Ada", "ada@crm.example", UserRole.ADMIN)).id();
    crm.asService().agents().create(ada, "agt_6f78", ada);
    TenantScope shop = crm.asAgent("agt_6f78");
    assertThat(examples.take(crm)).isZero();

    try (ChangeSubscription screen = examples.screen(shop)) {
      int maria = shop.customers().findOrCreateByPhone("13125550142", "Maria").id();
      shop.messages().recordInbound(maria, "Hello");

      assertThat(examples.refreshed.poll(60, TimeUnit.SECONDS)).startsWith("customers");
      assertThat(examples.refreshed.poll(60, TimeUnit.SECONDS))
          .isEqualTo("messages [" + maria + "]");
      assertThat(screen.isOpen()).isTrue();
    }
    assertThat(examples.take(crm)).isEqualTo(2);
    assertThat(examples.indexed).hasSize(2);
    examples.rotate(crm);
  }
}
