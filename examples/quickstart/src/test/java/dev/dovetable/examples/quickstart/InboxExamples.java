package dev.dovetable.examples.quickstart;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.inbox.ConversationConflictException;
import dev.dovetable.core.inbox.ConversationCounts;
import dev.dovetable.core.inbox.ConversationFilter;
import dev.dovetable.core.inbox.ConversationState;
import dev.dovetable.core.inbox.Inbox;
import dev.dovetable.core.inbox.InboxConversation;
import dev.dovetable.core.messages.FoundMessage;
import dev.dovetable.core.messages.MessageSearch;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.schema.migration.AgentMigrations;
import java.time.Instant;
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

  void search(DataSource dataSource, int customerId, Instant from, Instant to) {
    // docs/inbox.md begins
    AgentMigrations.of(MessageSearch.extension()).run(dataSource); // builds beside writers
    PageRequest page = PageRequest.first(30);
    Page<FoundMessage> found =
        shop.messages().search("bogota caf", MessageSearch.everywhere(), page);
    for (FoundMessage one : found.items()) {
      one.matches().forEach(m -> output.add(one.message().text().substring(m.start(), m.end())));
    }
    MessageSearch where = MessageSearch.everywhere().ofCustomer(customerId).between(from, to);
    found = shop.messages().search("7700 900", where, page);
    Page<Customer> people = shop.customers().searchWords("maria 0142", page);
    // ends
    found.items().forEach(one -> output.add(one.message().text()));
    people.items().forEach(customer -> output.add(customer.name()));
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

  void list(UUID colleague) {
    // docs/inbox.md begins
    ConversationFilter mine = ConversationFilter.open().assignedTo(colleague).tagged("wholesale");
    Page<InboxConversation> page = shop.conversations().list(mine, PageRequest.first(30));
    for (InboxConversation each : page.items()) {
      output.add(each.customer().name() + ": " + each.lastMessage().text());
      each.windowEndsAt().ifPresent(end -> output.add("free to answer until " + end));
    }
    ConversationCounts badges = shop.conversations().counts();
    output.add(badges.open() + " open, " + badges.mine() + " of them mine");
    // ends
  }
}
