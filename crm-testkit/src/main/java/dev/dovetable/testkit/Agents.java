package dev.dovetable.testkit;

import dev.dovetable.core.ActorScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.testkit.internal.Seeds;
import dev.dovetable.testkit.internal.Voice;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes agents with users whose ids follow from the prefix, over connections that nobody records.
 * Thread-safe.
 */
final class Agents {
  private static final UUID ADMIN = id("admin");

  private final ActorScope service;
  private final Clock clock;
  private final IsolationGuard guard;

  Agents(ActorScope service, Clock clock, IsolationGuard guard) {
    this.service = service;
    this.clock = clock;
    this.guard = guard;
  }

  IsolationGuard guard() {
    return guard;
  }

  ActorScope service() {
    return service;
  }

  Clock clock() {
    return clock;
  }

  synchronized Agent findOrCreate(String prefix) {
    Optional<Agent> found = service.agents().findByPrefix(prefix);
    if (found.isPresent()) {
      return found.get();
    }
    findOrCreate(ADMIN, "Admin", "admin@crm.example", UserRole.ADMIN);
    UUID user = id("user of " + prefix);
    String name = Voice.LATIN.name(Seeds.random(prefix, "user", 0));
    findOrCreate(user, name, prefix + "@crm.example", UserRole.AGENT);
    guard.touch(prefix);
    return service.agents().create(user, prefix, ADMIN);
  }

  List<Agent> all() {
    List<Agent> all = new ArrayList<>();
    Optional<PageRequest> next = Optional.of(PageRequest.first(1000));
    while (next.isPresent()) {
      Page<Agent> page = service.agents().list(next.get());
      all.addAll(page.items());
      next = page.next().map(PageRequest.first(1000)::after);
    }
    return all;
  }

  private void findOrCreate(UUID id, String name, String email, UserRole role) {
    Optional<User> found = service.users().find(id);
    if (found.isEmpty()) {
      service.users().create(new NewUser(Optional.of(id), name, email, role));
    }
  }

  private static UUID id(String of) {
    return Seeds.hash("crm-testkit " + of);
  }
}
