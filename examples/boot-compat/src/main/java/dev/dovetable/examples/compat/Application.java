package dev.dovetable.examples.compat;

import dev.dovetable.core.Crm;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.schema.migration.AgentExtension;
import java.util.List;
import java.util.UUID;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** A service that takes WhatsApp's webhook in and lists an agent's customers: with the starter. */
@SpringBootApplication
public class Application {

  public static void main(String[] args) {
    SpringApplication.run(Application.class, args);
  }

  // docs/spring.md begins
  @Bean
  AgentExtension visits() {
    return AgentExtension.fromClassPath("visits", "visits", "001_create_visits.sql");
  }
  // ends

  @Bean
  Doubts doubts(Crm crm) {
    return new Doubts(crm);
  }

  /** Takes back what it has done. */
  static class Doubts {
    private final Crm crm;

    Doubts(Crm crm) {
      this.crm = crm;
    }

    @Transactional
    public void create(String prefix) {
      crm.asAgent(prefix).customers().create(new NewCustomer("Nobody", "447700900999"));
      throw new IllegalStateException("on second thoughts");
    }
  }

  @RestController
  static class Endpoints {
    private final Crm crm;

    Endpoints(Crm crm) {
      this.crm = crm;
    }

    /** Who is signed in is for a real service to find out. */
    @GetMapping("/users/{user}/agents/{prefix}/customers")
    List<Customer> customers(@PathVariable("user") UUID user, @PathVariable("prefix") String prefix) {
      return crm.as(Actor.user(user))
          .tenant(prefix)
          .customers()
          .list(PageRequest.first(10))
          .items();
    }
  }
}
