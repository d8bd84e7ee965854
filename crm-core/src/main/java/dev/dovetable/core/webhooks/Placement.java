package dev.dovetable.core.webhooks;

import dev.dovetable.core.webhooks.UnroutedWebhook.Reason;
import dev.dovetable.core.webhooks.WebhookStore.Known;
import dev.dovetable.schema.errors.CrmException;
import java.util.Map;

/** Where a change that a callback told of is now, or all changes for one agent. */
sealed interface Placement {

  /** Stored with its agent. */
  record Stored(Map<String, Known> known) implements Placement {}

  /** Of no agent: there is nothing in it but news. */
  record OnlyNews() implements Placement {}

  /** To be kept as it came. */
  record Unrouted(Reason reason) implements Placement {}

  /** Lost, unless WhatsApp sends it again. */
  record Failed(CrmException failure) implements Placement {}
}
