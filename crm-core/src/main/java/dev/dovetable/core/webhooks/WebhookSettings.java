package dev.dovetable.core.webhooks;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.internal.payload.WebhookSignature;
import dev.dovetable.core.news.NewsListener;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Internal: which webhooks are taken. Immutable and thread-safe; shows no secret.
 *
 * @hidden
 */
public final class WebhookSettings {
  private final Optional<WebhookSignature> signature;
  private final boolean unsigned;
  private final int maxBytes;
  private final Optional<NewsListener> newsListener;
  private final RouteMemory routes = new RouteMemory();

  /**
   * Internal: {@link dev.dovetable.core.CrmBuilder} makes it.
   *
   * @param secrets of the apps, with one of which a body has to be signed
   * @param unsigned whether bodies are taken whoever sends them
   * @param maxBytes the most that a body may have
   * @param newsListener hears of news
   */
  public WebhookSettings(
      List<String> secrets, boolean unsigned, int maxBytes, Optional<NewsListener> newsListener) {
    this.newsListener = newsListener;
    this.signature = Optional.of(secrets).filter(s -> !s.isEmpty()).map(WebhookSignature::of);
    this.unsigned = unsigned;
    this.maxBytes = maxBytes;
    if (signature.isPresent() && unsigned) {
      throw new IllegalArgumentException(
          "webhookSecrets and withoutWebhookSignatures exclude each other");
    }
  }

  /** What all that is made with these settings has learnt. */
  RouteMemory routes() {
    return routes;
  }

  Optional<NewsListener> newsListener() {
    return newsListener;
  }

  int maxBytes() {
    return maxBytes;
  }

  /** Throws unless the body comes from who it should. */
  void require(byte[] body, @Nullable String signatureHeader) {
    requireNonNull(body, "body");
    if (signature.isEmpty() && !unsigned) {
      throw new RefusedException(
          RefusedException.Reason.NO_WEBHOOK_SECRET,
          "Callbacks can't be told from forgeries, because no secret is known.",
          "Pass the app's secret: Crm.builder(…).webhookSecrets(…); or withoutWebhookSignatures(),"
              + " if it was checked before.");
    }
    if (body.length > maxBytes) {
      throw new InvalidDataException(
          InvalidDataException.Kind.TOO_LONG,
          "The webhook's body has " + body.length + " bytes.",
          "WhatsApp sends at most 3 MiB; the limit is set by Crm.builder(…).webhookBodyLimit(…).");
    }
    if (!signature.map(s -> s.matches(body, signatureHeader)).orElse(unsigned)) {
      throw new WebhookSignatureException();
    }
  }
}
