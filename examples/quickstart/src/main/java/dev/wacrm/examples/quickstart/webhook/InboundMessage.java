package dev.wacrm.examples.quickstart.webhook;

import java.time.Instant;
import java.util.List;

/**
 * A message from a customer.
 *
 * @param sentAt the provider's time, to the second; deliveries come late and out of order
 * @param type the provider's name for the kind of message
 * @param text what a person can read of it
 * @param products the lines of an order; empty for every other type
 */
public record InboundMessage(
    BusinessNumber to,
    Sender from,
    Instant sentAt,
    String type,
    String text,
    List<Product> products)
    implements WebhookEvent {}
