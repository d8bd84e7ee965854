package dev.dovetable.examples.spring;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.customers.Customer;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** See {@link Handover}. */
@RestController
class Handovers {
  private final Handover handover;

  Handovers(Handover handover) {
    this.handover = handover;
  }

  /** To whom, and what the customer is told. */
  record Passing(String to, String reason) {
    Passing {
      requireNonNull(to, "to");
      requireNonNull(reason, "reason");
    }
  }

  @PostMapping("/agents/{prefix}/customers/{id}/handover")
  @ResponseStatus(HttpStatus.CREATED)
  Customer pass(TenantScope giver, @PathVariable int id, @RequestBody Passing passing) {
    return handover.pass(giver, passing.to(), id, passing.reason());
  }
}
