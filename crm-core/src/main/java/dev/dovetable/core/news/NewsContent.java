package dev.dovetable.core.news;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * News with all that it says. Immutable and thread-safe.
 *
 * @param news what it is about
 * @param details what it says, as far as WhatsApp documents it; empty for kinds that have none
 * @param payload a JSON object as WhatsApp sent it. It may hold names and phone numbers, so it
 *     isn't for logs, and {@link #toString()} leaves it out
 */
public record NewsContent(WebhookNews news, List<NewsDetail> details, String payload) {

  /**
   * Copies the list.
   *
   * @param news what it is about
   * @param details what it says
   * @param payload a JSON object
   */
  public NewsContent {
    requireNonNull(news, "news");
    details = List.copyOf(details);
    requireNonNull(payload, "payload");
  }

  /** What it is about, without what it says. */
  @Override
  public String toString() {
    return "NewsContent[news=" + news + "]";
  }
}
