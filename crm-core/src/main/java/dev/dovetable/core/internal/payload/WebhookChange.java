package dev.dovetable.core.internal.payload;

import java.util.List;
import java.util.Optional;

/**
 * One change of one entry, which concerns one business number at most.
 *
 * @param phoneNumberId {@code metadata.phone_number_id}, or where else news has it, by which the
 *     agent is found
 * @param businessAccountId the entry's id
 * @param field what the change is about: {@code messages} as a rule; empty if it doesn't say
 * @param messages in their order
 * @param statuses in their order
 * @param sightings who goes by which ids and names, by whatever tells it, in the order of their
 *     places
 * @param groups what groups are called
 * @param preferences who wants advertising and who doesn't
 * @param news what it tells besides
 * @param complete false if anything in it isn't in the lists as it was sent, so that it has to be
 *     kept raw as well
 * @param raw a body of its own with this change alone, in JSON; reading it gives this change again.
 *     Text of PostgreSQL's holds it, jsonb may not, because of escapes such as that of NUL
 */
public record WebhookChange(
    Optional<String> phoneNumberId,
    Optional<String> businessAccountId,
    String field,
    List<InboundMessage> messages,
    List<MessageStatus> statuses,
    List<Sighting> sightings,
    List<GroupSubject> groups,
    List<Preference> preferences,
    List<NewsPiece> news,
    boolean complete,
    String raw) {

  /** Copies the lists. */
  public WebhookChange {
    messages = List.copyOf(messages);
    statuses = List.copyOf(statuses);
    sightings = List.copyOf(sightings);
    groups = List.copyOf(groups);
    preferences = List.copyOf(preferences);
    news = List.copyOf(news);
  }

  /** Whether it tells something that is to be stored with an agent. */
  public boolean isForAgent() {
    // Who has a preference was seen.
    return !(messages.isEmpty() && statuses.isEmpty() && sightings.isEmpty() && groups.isEmpty());
  }
}
