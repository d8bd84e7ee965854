package dev.wacrm.examples.quickstart.webhook;

/** One thing that a delivery tells; a delivery may hold many, for several business numbers. */
public sealed interface WebhookEvent permits InboundMessage, StatusUpdate, Skipped {}
