package dev.dovetable.core;

/**
 * What a {@link CrmBuilder} was told, but for the connections, and what all that it has built
 * share. Thread-safe.
 */
record CrmSettings(
    Timeouts timeouts, BaseTables base, WebhookSettings webhooks, RouteMemory routes) {}
