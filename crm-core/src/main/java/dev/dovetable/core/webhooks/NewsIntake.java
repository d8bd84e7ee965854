package dev.dovetable.core.webhooks;

import dev.dovetable.core.news.NewsContent;
import dev.dovetable.core.news.NewsListener;
import dev.dovetable.core.news.NewsRepository;
import dev.dovetable.schema.errors.CrmException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the news in callbacks, and tells the host. Immutable and thread-safe. */
final class NewsIntake {
  private static final Logger log = LoggerFactory.getLogger(Webhooks.class);

  private final NewsRepository news;
  private final Optional<NewsListener> listener;

  NewsIntake(NewsRepository news, Optional<NewsListener> listener) {
    this.news = news;
    this.listener = listener;
  }

  /**
   * What became of news.
   *
   * @param agents the prefixes of the agents that have the numbers, by these
   * @param failure why it could not be kept
   */
  record Taken(Map<String, String> agents, Optional<CrmException> failure) {}

  /** One round trip if there is any. */
  Taken keep(List<PlacedChange> placed) {
    List<NewsRepository.ReceivedNews> received =
        placed.stream()
            .flatMap(
                change ->
                    change.news().stream()
                        .map(
                            one ->
                                new NewsRepository.ReceivedNews(
                                    change.received().field(),
                                    one.at(),
                                    change.received().phoneNumberId(),
                                    change.received().businessAccountId(),
                                    one.payload())))
            .toList();
    if (received.isEmpty()) {
      return new Taken(Map.of(), Optional.empty());
    }
    NewsRepository.Kept kept;
    try {
      kept = news.keep(received);
    } catch (CrmException e) {
      return new Taken(Map.of(), Optional.of(e));
    }
    kept.fresh().forEach(this::tell);
    return new Taken(kept.agents(), Optional.empty());
  }

  private void tell(NewsContent content) {
    listener.ifPresent(
        one -> {
          try {
            one.onNews(content);
          } catch (Throwable e) { // checked ones, too, as Kotlin's
            if (e instanceof InterruptedException) {
              Thread.currentThread().interrupt();
            }
            // Without its message, which may hold what the news says.
            log.warn(
                "The listener for news threw {} on news {}; crm.webhooks().news() still has it",
                e.getClass().getName(),
                content.news().id());
          }
        });
  }
}
