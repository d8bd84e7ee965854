package dev.dovetable.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.schema.migration.RegisteredVersions;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import org.junit.jupiter.api.Test;

/** The extension with functions and an index that docs/extensions.md shows. */
@FreshDatabase
class VisitsTest {
  static final String FIRST = "db/visits/001_create_visit_counts.sql";
  static final String SECOND = "db/visits/002_add_index.sql";

  @Test
  void countsWhatUsersWriteAndMayNotCount(PostgresDatabase database) {
    CrmSchema.create().install(database.dataSource());
    Crm crm = Crm.create(database.dataSource());
    User ada =
        crm.asService().users().create(new NewUser("Ada", "ada@crm.example", UserRole.ADMIN));
    Agent agent = crm.asService().agents().create(ada.id(), "shop", ada.id());
    TenantScope shop = crm.as(Actor.user(ada.id())).tenant(agent.prefix());
    Customer maria = shop.customers().create(new NewCustomer("Maria", "13125550142"));
    shop.messages().recordInbound(maria.id(), "Hello");

    AgentExtension visits =
        AgentExtension.fromClassPath(
            "visits", "db/visits", "001_create_visit_counts.sql", "002_add_index.sql");
    assertThat(AgentMigrations.of(visits).run(database.dataSource()).isComplete()).isTrue();

    shop.messages().recordInbound(maria.id(), "12345");
    assertThat(shop.dsl().fetchSingle("select visits from shop_visit_counts").into(Integer.class))
        .isEqualTo(5);
    assertThat(CrmDoctor.create().examine(database.dataSource()).findings()).isEmpty();
    assertThat(RegisteredVersions.in("public").export(database.dataSource(), "visits"))
        .contains("create function {crm}.{visit_counts_add}()", "register_version(");
  }
}
