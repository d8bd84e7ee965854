package dev.wacrm.testkit;

import dev.wacrm.core.Agent;
import dev.wacrm.core.Crm;
import dev.wacrm.core.NewUser;
import dev.wacrm.core.User;
import dev.wacrm.core.UserRole;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes agents with users whose ids follow from the prefix, over connections that nobody records.
 * Thread-safe.
 */
final class Agents {
  private static final UUID ADMIN = id("admin");

  private final Crm crm;
  private final Clock clock;

  Agents(Crm crm, Clock clock) {
    this.crm = crm;
    this.clock = clock;
  }

  Crm crm() {
    return crm;
  }

  Clock clock() {
    return clock;
  }

  synchronized Agent findOrCreate(String prefix) {
    Optional<Agent> found = crm.agents().findByPrefix(prefix);
    if (found.isPresent()) {
      return found.get();
    }
    findOrCreate(ADMIN, "Admin", "admin@crm.example", UserRole.ADMIN);
    UUID user = id("user of " + prefix);
    String name = Voice.LATIN.name(Seeds.random(prefix, "user", 0));
    findOrCreate(user, name, prefix + "@crm.example", UserRole.AGENT);
    return crm.agents().create(user, prefix, ADMIN);
  }

  private void findOrCreate(UUID id, String name, String email, UserRole role) {
    Optional<User> found = crm.users().find(id);
    if (found.isEmpty()) {
      crm.users().create(new NewUser(Optional.of(id), name, email, role));
    }
  }

  private static UUID id(String of) {
    return Seeds.hash("crm-testkit " + of);
  }
}
