package dev.dovetable.examples.spring;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.messages.Message;
import java.time.Instant;
import java.util.NoSuchElementException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Passes a customer on from one agent to another, and keeps a record of it in a table of this
 * application's own.
 */
@Component
class Handover {
  private final Crm crm;
  private final JdbcClient jdbc;

  Handover(Crm crm, JdbcClient jdbc) {
    this.crm = crm;
    this.jdbc = jdbc;
  }

  /**
   * One transaction of Spring's: this application's statements run as its login, those of each
   * scope as that agent's user, and a failure anywhere takes all of it back.
   *
   * @return the customer at the other agent's
   * @throws NoSuchElementException if the customer isn't the first agent's
   */
  @Transactional
  public Customer pass(String from, String to, int customerId, String reason) {
    long record =
        jdbc.sql(
                "insert into handovers (from_agent, to_agent, reason) values (?, ?, ?) returning id")
            .params(from, to, reason)
            .query(Long.class)
            .single();

    TenantScope giver = crm.tenant(from);
    Customer customer = giver.customers().find(customerId).orElseThrow();
    giver.messages().recordOutbound(customerId, "A colleague will get in touch with you.");

    TenantScope taker = crm.tenant(to);
    Message first =
        taker.messages().recordOutboundTo(customer.phone(), customer.name(), reason, Instant.now());

    jdbc.sql("update handovers set customer_id = ?, done_by = current_user where id = ?")
        .params(first.customerId(), record)
        .update();
    return taker.customers().find(first.customerId()).orElseThrow();
  }
}
