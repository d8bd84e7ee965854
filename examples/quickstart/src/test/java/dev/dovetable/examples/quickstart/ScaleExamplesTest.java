package dev.dovetable.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.Crm;
import dev.dovetable.core.CrmFleet;
import dev.dovetable.core.FleetDatabase;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

@FreshDatabase(perMethod = true)
class ScaleExamplesTest {
  @Test
  void thePageDoesWhatItSays(PostgresDatabase first) {
    try (PostgresDatabase second = first.server().createDatabase()) {
      ScaleExamples examples = new ScaleExamples();
      DataSource eu1 = first.dataSource();
      DataSource eu2 = second.dataSource();
      assertThat(examples.own(eu1, eu2).failed()).isEmpty();
      UUID ada =
          Crm.create(eu2)
              .asService()
              .users()
              .create(new NewUser("Ada", "ada@crm.example", UserRole.ADMIN))
              .id();

      TenantScope shop = examples.use(eu1, eu2, ada, ada, ada);

      shop.customers().findOrCreateByPhone("13125550142", "Maria");
      assertThat(Crm.create(eu2).asAgent("agt_6f78").customers().findByPhone("13125550142"))
          .isPresent();
      CrmFleet unsigned =
          CrmFleet.builder()
              .database(FleetDatabase.of("eu1", eu1))
              .each(crm -> crm.withoutWebhookSignatures())
              .build();
      byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
      assertThat(examples.receive(unsigned, body, "").httpStatus()).isEqualTo(200);
      assertThat(examples.bind(eu1, eu1, eu1, eu1).databases()).containsExactly("eu1");
    }
  }
}
