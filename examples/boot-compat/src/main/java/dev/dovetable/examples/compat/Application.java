package dev.dovetable.examples.compat;

import dev.dovetable.core.Crm;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** A service that takes WhatsApp's webhook in and lists an agent's customers. */
@SpringBootApplication
public class Application {
  static final String SECRET = "0123456789abcdef";

  public static void main(String[] args) {
    SpringApplication.run(Application.class, args);
  }

  @Bean
  Crm crm(DataSource dataSource) {
    return Crm.builder(dataSource).webhookSecrets(SECRET).build();
  }

  @RestController
  static class Endpoints {
    private final Crm crm;

    Endpoints(Crm crm) {
      this.crm = crm;
    }

    @PostMapping("/webhook")
    ResponseEntity<Void> receive(
        @RequestBody byte[] body, @RequestHeader("X-Hub-Signature-256") String signature) {
      return ResponseEntity.status(crm.webhooks().receive(body, signature).httpStatus()).build();
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
