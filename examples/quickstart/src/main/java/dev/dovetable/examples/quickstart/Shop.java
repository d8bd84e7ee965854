package dev.dovetable.examples.quickstart;

import dev.dovetable.core.ActorScope;
import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * An agent with a user, a WhatsApp number and tables of their own.
 *
 * @param scope the agent's data as the user sees them who is signed in
 */
record Shop(User user, Agent agent, BusinessNumber number, TenantScope scope) {

  private record Plan(String prefix, String name, String email) {}

  private static final List<Plan> PLANS =
      List.of(
          new Plan("agt_coffee", "Amara Osei", "amara@coffee.example"),
          new Plan("agt_bikes", "Ben Castillo", "ben@bikes.example"));

  String prefix() {
    return agent.prefix();
  }

  /** Makes an admin, and as that admin two agents; each gets one of the numbers. */
  static List<Shop> openAll(Crm crm, List<BusinessNumber> numbers) {
    User admin =
        crm.asService().users().create(new NewUser("Ada Admin", "ada@crm.example", UserRole.ADMIN));
    List<Shop> shops = new ArrayList<>();
    for (int i = 0; i < PLANS.size(); i++) {
      shops.add(open(crm, admin, PLANS.get(i), numbers.get(i)));
    }
    return List.copyOf(shops);
  }

  private static Shop open(Crm crm, User admin, Plan plan, BusinessNumber number) {
    ActorScope service = crm.asService();
    User user = service.users().create(new NewUser(plan.name(), plan.email(), UserRole.AGENT));
    Agent agent =
        crm.as(Actor.user(admin.id())).agents().create(user.id(), plan.prefix(), admin.id());
    service
        .whatsapp()
        .save(
            NewWhatsAppConfig.of(user.id(), number.display(), "https://crm.example/webhook")
                .phoneNumberId(number.id()));
    TenantScope scope = crm.as(Actor.user(user.id())).tenant(plan.prefix());
    return new Shop(user, agent, number, scope);
  }
}
