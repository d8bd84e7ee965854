package dev.dovetable.examples.quickstart;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import org.junit.jupiter.api.BeforeAll;

/**
 * What tests of the pages' Java have in common: an agent with its user, an admin and a customer.
 */
@FreshDatabase
abstract class ExamplesTest {
  static Crm crm;
  static User ada;
  static User ben;
  static PostgresDatabase postgres;
  static TenantScope shop;
  static Customer maria;

  @BeforeAll
  static void open(PostgresDatabase database) {
    postgres = database;
    CrmSchema.create().install(database.dataSource());
    crm = PageExamples.settings(database.dataSource(), WhatsApp.APP_SECRET);
    ada = crm.asService().users().create(new NewUser("Ada", "ada@crm.example", UserRole.ADMIN));
    ben = crm.asService().users().create(new NewUser("Ben", "ben@crm.example", UserRole.AGENT));
    crm.asService().agents().create(ben.id(), "agt_6f78", ada.id());
    shop = crm.as(Actor.user(ben.id())).tenant("agt_6f78");
    maria = shop.customers().findOrCreateByPhone("13125550142", "Maria");
  }
}
