package dev.dovetable.testkit;

import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.schema.migration.AgentExtension;
import java.util.function.Supplier;

/**
 * The tables that agents need to receive webhooks, {@link Webhooks#extension()}, for {@link
 * CrmTest#extensions()}. Immutable and thread-safe.
 */
public final class WebhookTables implements Supplier<AgentExtension> {
  /** JUnit makes one for each test class. */
  public WebhookTables() {}

  @Override
  public AgentExtension get() {
    return Webhooks.extension();
  }
}
