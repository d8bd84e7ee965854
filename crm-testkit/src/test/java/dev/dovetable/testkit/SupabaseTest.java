package dev.dovetable.testkit;

import static dev.dovetable.testkit.CrmAssertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.testkit.server.Flavor;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** The kit where the application's users are: on databases like Supabase's. */
@CrmTest(flavor = Flavor.SUPABASE)
class SupabaseTest {

  @Test
  void isLikeASupabaseProject(CrmDatabase database, TenantScope shop, TenantScope other)
      throws SQLException {
    assertThat(Query.strings(database.superuser(), "select 'auth.users'::regclass::text"))
        .containsExactly("auth.users");
    shop.customers().create(new NewCustomer("Ada", "12025550100"));
    assertThat(other).cannotSee(shop);
    assertThat(database.agent("agt_a").withCustomers(3).withMessages(9).scope()).cannotSee(shop);
    assertThat(database).hasRowSecurityEverywhere().hasNoOrphanedTables().matchesSchema();
  }

  @Test
  void olderProjectsAreAsSafe() {
    try (CrmDatabase database =
        CrmDatabase.builder().flavor(Flavor.SUPABASE_EXPOSED).schema("shop").open()) {
      TenantScope a = database.agent("agt_a").withCustomers(2).withOrders(2).scope();
      TenantScope b = database.agent("agt_b").withCustomers(2).scope();
      assertThat(a).cannotSee(b);
      assertThat(database.asAnonymous().tenant("agt_a")).cannotSee(b);
      assertThat(database).hasRowSecurityEverywhere().hasNoOrphanedTables().matchesSchema();
    }
  }
}
