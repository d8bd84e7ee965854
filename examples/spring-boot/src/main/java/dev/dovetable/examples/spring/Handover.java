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
   * One transaction of Spring's: this application's statements run as its login, the giver's as the
   * user who is signed in, and a failure anywhere takes all of it back. That user has no rights
   * with the other agent: what is done there is done as that agent, because this application allows
   * it.
   *
   * @param giver the agent as the signed-in user sees it
   * @return the customer at the other agent's
   * @throws NoSuchElementException if the signed-in user finds no such customer
   */
  @Transactional
  public Customer pass(TenantScope giver, String to, int customerId, String reason) {
    long record =
        jdbc.sql(
                "insert into handovers (from_agent, to_agent, reason) values (?, ?, ?) returning id")
            .params(giver.prefix(), to, reason)
            .query(Long.class)
            .single();

    Customer customer = giver.customers().find(customerId).orElseThrow();
    giver.messages().recordOutbound(customerId, "A colleague will get in touch with you.");

    TenantScope taker = crm.asAgent(to);
    Message first =
        taker.messages().recordOutboundTo(customer.phone(), customer.name(), reason, Instant.now());

    jdbc.sql("update handovers set customer_id = ?, done_by = current_user where id = ?")
        .params(first.customerId(), record)
        .update();
    return taker.customers().find(first.customerId()).orElseThrow();
  }
}
