package dev.dovetable.examples.testing;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import java.time.Clock;

/** Takes in what customers write, and thanks them. Thread-safe. */
public final class Inbox {
  private final Crm crm;
  private final Clock clock;

  /**
   * An inbox for all agents.
   *
   * @param crm where messages go
   * @param clock what the time is
   */
  public Inbox(Crm crm, Clock clock) {
    this.crm = crm;
    this.clock = clock;
  }

  /**
   * Takes a message in and answers it.
   *
   * @param prefix whose customer wrote
   * @param phone the customer's number
   * @param name the customer's name
   * @param text what they wrote
   */
  public void receive(String prefix, String phone, String name, String text) {
    TenantScope shop = crm.asAgent(prefix);
    int customer =
        shop.messages().recordInboundFrom(phone, name, text, clock.instant()).customerId();
    shop.messages().recordOutbound(customer, "Thank you, " + name + "!", clock.instant());
  }
}
