package dev.dovetable.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.DatabaseException.Kind;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a database where psql has run the five files of the specification, and none beside them. */
class SpecificationAloneTest {
  private static final String BODY =
      "{\"object\": \"whatsapp_business_account\", \"entry\": [{\"id\": \"1\", \"changes\": [{\"field\":"
          + " \"messages\", \"value\": {\"metadata\": {\"phone_number_id\": \"7\"}, \"statuses\":"
          + " [{\"id\": \"wamid.1\", \"status\": \"sent\", \"timestamp\": \"1767225600\"}]}}]}]}";

  @Test
  void whatIsSpecifiedWorksAndWebhooksNameTheFilesThatTheyNeed(@TempDir Path folder)
      throws Exception {
    CrmSchema.create().exportTo(folder);
    try (PostgresDatabase database = PostgresServer.shared().createDatabase()) {
      run(
          database,
          folder,
          List.of(
              "supabase_compat",
              "enums",
              "base_tables",
              "dynamic_table_creation",
              "agent_management_functions",
              "indexes"));
      Crm crm =
          Crm.builder(
                  database.dataSource(database.createLogin("app", "authenticated", "service_role")))
              .withoutWebhookSignatures()
              .build();

      User user =
          crm.asService().users().create(new NewUser("Ada", "ada@example.org", UserRole.ADMIN));
      Agent agent = crm.asService().agents().create(user.id(), "shop", user.id());
      TenantScope shop = crm.asService().tenant(agent.prefix());
      Customer customer = shop.customers().create(new NewCustomer("Ben", "+49 30 1"));
      shop.messages().recordInbound(customer.id(), "Hello");
      assertThat(shop.conversations().latest(PageRequest.first(10)).items()).hasSize(1);

      assertThatThrownBy(() -> crm.webhooks().receive(BODY.getBytes(UTF_8), null))
          .isInstanceOfSatisfying(
              DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_INSTALLED))
          .hasMessageContaining(
              "schema/extensions.sql, schema/identities.sql and schema/webhooks.sql");

      assertThat(crm.asService().agents().delete(agent.id())).isTrue();
    }
  }

  private static void run(PostgresDatabase database, Path folder, List<String> files)
      throws Exception {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      for (String file : files) {
        statement.execute(Files.readString(folder.resolve("schema/" + file + ".sql")));
      }
    }
  }
}
