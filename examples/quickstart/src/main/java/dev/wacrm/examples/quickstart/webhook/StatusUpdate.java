package dev.wacrm.examples.quickstart.webhook;

import java.time.Instant;
import java.util.Optional;

/**
 * How far a message of the business got.
 *
 * @param status sent, delivered, read, failed, or what the provider may add
 * @param problem why it failed
 */
public record StatusUpdate(
    BusinessNumber of, Sender recipient, String status, Instant at, Optional<String> problem)
    implements WebhookEvent {}
