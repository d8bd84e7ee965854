package dev.wacrm.core;

/** What a {@link CrmBuilder} was told, but for the connections. Immutable and thread-safe. */
record CrmSettings(Timeouts timeouts, BaseTables base, WebhookSettings webhooks) {}
