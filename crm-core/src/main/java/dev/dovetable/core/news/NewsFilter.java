package dev.dovetable.core.news;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Which news. Immutable and thread-safe.
 *
 * @param kind what it is about; empty for all
 * @param phoneNumberId the business number that it is about; empty for all
 * @param agent the prefix of the agent that had the number when it came; empty for all
 */
public record NewsFilter(
    Optional<NewsKind> kind, Optional<String> phoneNumberId, Optional<String> agent) {

  /**
   * Checks that nothing is null.
   *
   * @param kind what it is about
   * @param phoneNumberId the business number
   * @param agent the agent's prefix
   */
  public NewsFilter {
    requireNonNull(kind, "kind");
    requireNonNull(phoneNumberId, "phoneNumberId");
    requireNonNull(agent, "agent");
  }

  /**
   * All news.
   *
   * @return a filter that lets everything through
   */
  public static NewsFilter all() {
    return new NewsFilter(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * Of one kind.
   *
   * @param kind what it is about
   * @return this filter with that kind
   */
  public NewsFilter ofKind(NewsKind kind) {
    return new NewsFilter(Optional.of(kind), phoneNumberId, agent);
  }

  /**
   * Of one business number.
   *
   * @param phoneNumberId WhatsApp's id of the number
   * @return this filter with that number
   */
  public NewsFilter ofNumber(String phoneNumberId) {
    return new NewsFilter(kind, Optional.of(phoneNumberId), agent);
  }

  /**
   * Of one agent.
   *
   * @param prefix the agent's prefix
   * @return this filter with that agent
   */
  public NewsFilter ofAgent(String prefix) {
    return new NewsFilter(kind, phoneNumberId, Optional.of(prefix));
  }
}
