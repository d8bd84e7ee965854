package dev.dovetable.examples.quickstart;

import dev.dovetable.core.Crm;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.orders.OrderWithItems;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.schema.install.CrmSchema;
import java.math.BigDecimal;
import java.util.List;
import javax.sql.DataSource;

/** The Java of the README; a test compares them. */
final class ReadmeExample {

  private ReadmeExample() {}

  static OrderWithItems run(DataSource dataSource) {
    // README begins
    CrmSchema.create().install(dataSource);
    Crm crm = Crm.create(dataSource);
    User ada = crm.users().create(new NewUser("Ada", "ada@crm.example", UserRole.ADMIN));
    User ben = crm.users().create(new NewUser("Ben", "ben@crm.example", UserRole.AGENT));
    crm.agents().create(ben.id(), "agt_6f78", ada.id());
    TenantScope shop = crm.tenant("agt_6f78"); // acts as Ben, under row level security
    Customer maria = shop.customers().findOrCreateByPhone("13125550142", "Maria");
    shop.messages().recordInbound(maria.id(), "Two bags of coffee, please");
    NewOrderItem coffee = new NewOrderItem("Coffee, 250 g", 2, new BigDecimal("14.50"));
    OrderWithItems order = shop.orders().place(NewOrder.of(maria.id(), List.of(coffee)));
    // README ends
    return order;
  }
}
