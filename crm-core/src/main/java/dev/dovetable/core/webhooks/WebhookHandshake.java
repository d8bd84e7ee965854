package dev.dovetable.core.webhooks;

import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.Texts;
import dev.dovetable.core.jooq.tables.WhatsappConfiguration;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Answers WhatsApp when it verifies the webhook's address. Immutable and thread-safe. */
final class WebhookHandshake {
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
   * The database compares digests, so that the time it takes tells nothing of the tokens, and sends
   * no more than it has to.
   */
  private boolean isKnown(String token) {
    byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
    List<String> candidates =
        session
            .dsl()
            .select(table.VERIFY_TOKEN)
            .from(table)
            .where(table.IS_ACTIVE)
            .and(
                DSL.condition(
                    "sha256(convert_to({0}, 'UTF8')) = {1}",
                    table.VERIFY_TOKEN, DSL.val(sha256(bytes))))
            .fetch(table.VERIFY_TOKEN);
    return candidates.stream()
        .anyMatch(known -> MessageDigest.isEqual(known.getBytes(StandardCharsets.UTF_8), bytes));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
