package dev.dovetable.core.news;

/** Hears of news: see {@link dev.dovetable.core.CrmBuilder#webhookNews}. */
@FunctionalInterface
public interface NewsListener {

  /**
   * Called once for each piece of news, by the thread that called {@code receive} or {@code
   * replay}, after the transaction that keeps it has committed; in a transaction of the host's,
   * ahead of that one's commit. Not called for news that was kept before. What it throws, whatever
   * it is, is logged without its message and changes nothing: the news stays in {@link
   * NewsRepository}, where whoever needs all of it, also after a crash, reads on from the last id.
   *
   * @param content the news
   */
  void onNews(NewsContent content);
}
