package dev.dovetable.core.webhooks;

import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.Texts;
import dev.dovetable.core.jooq.tables.WhatsappConfiguration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers WhatsApp when it verifies the webhook's address. Immutable and thread-safe. */
final class WebhookHandshake {
  /** The column's bound. */
  private static final int MAX_LENGTH = 1_000;

  private final Session session;
  private final WhatsappConfiguration table;

  WebhookHandshake(Session session, WhatsappConfiguration table) {
    this.session = session;
    this.table = table;
  }

  Optional<String> answer(
      @Nullable String mode, @Nullable String token, @Nullable String challenge) {
    if (!"subscribe".equals(mode) || token == null || challenge == null) {
      return Optional.empty();
    }
    return isPossible(token) && isKnown(token) ? Optional.of(challenge) : Optional.empty();
  }

  private static boolean isPossible(String token) {
    return !token.isBlank() && token.length() <= MAX_LENGTH && Texts.isStorable(token);
  }

  /**
   * By the index on hashes, so that whoever asks costs the same however many tokens there are, and
   * the time it takes tells nothing of the parts of one.
   */
  private boolean isKnown(String token) {
    return session.dsl().fetchExists(table, table.VERIFY_TOKEN.eq(token).and(table.IS_ACTIVE));
  }
}
