package dev.dovetable.examples.quickstart;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.inbox.ConversationConflictException;
import dev.dovetable.core.inbox.ConversationState;
import dev.dovetable.core.inbox.Inbox;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.schema.migration.AgentMigrations;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** The Java of the page about the inbox; {@link InboxExamplesTest} runs it. */
final class InboxExamples {
  private final TenantScope shop;
  private final List<String> output;

  InboxExamples(TenantScope shop, List<String> output) {
    this.shop = shop;
    this.output = output;
  }

  static void register(DataSource dataSource) {
    // docs/inbox.md begins
    AgentMigrations.of(Webhooks.extension(), Inbox.extension()).run(dataSource); // at every start
    // ends
  }

  void answer(int customerId, UUID colleague) {
    // docs/inbox.md begins
    ConversationState seen = shop.inbox().find(customerId).orElseThrow();
    shop.inbox().markRead(customerId, seen.lastMessage().orElseThrow());
    try {
      ConversationState mine = shop.inbox().assign(customerId, colleague, seen.version());
      shop.inbox().close(customerId, seen.lastMessage().orElseThrow(), mine.version());
    } catch (ConversationConflictException e) {
      output.add("Somebody was faster: " + e.by() + ", version " + e.version());
    }
    shop.inbox().tag(customerId, "wholesale");
    shop.inbox().note(customerId, "Wants the catalogue in print.");
    // ends
  }
}
