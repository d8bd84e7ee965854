package dev.wacrm.examples.quickstart.webhook;

/** Something that there is no place for in the tables. */
public record Skipped(String reason) implements WebhookEvent {}
