package dev.dovetable.core.webhooks;

import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.BaseTables;
import dev.dovetable.core.internal.sql.Exists;
import dev.dovetable.core.internal.sql.Texts;
import dev.dovetable.core.jooq.tables.Agents;
import dev.dovetable.core.jooq.tables.WhatsappConfiguration;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Name;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Answers WhatsApp when it verifies the webhook's address. Immutable and thread-safe. */
final class WebhookHandshake {
  /** The column's bound. */
  private static final int MAX_LENGTH = 1_000;

  private final Session session;
  private final BaseTables base;

  WebhookHandshake(Session session, BaseTables base) {
    this.session = session;
    this.base = base;
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
    WhatsappConfiguration table = base.whatsappConfiguration();
    return session
        .dsl()
        .fetchExists(
            table,
            table
                .VERIFY_TOKEN
                .eq(token)
                .and(DSL.condition(table.IS_ACTIVE).or(hasActiveNumber(table))));
  }

  /** A configuration whose own number is paused serves the agent's other ones. */
  private Condition hasActiveNumber(WhatsappConfiguration table) {
    Agents agents = base.agents();
    Name number = DSL.name("number");
    return Exists.in(
        DSL.selectOne()
            .from(agents)
            .join(DSL.table(base.internal("agent_numbers")).as(number))
            .on(DSL.field(number.append("agent_id"), Long.class).eq(agents.ID))
            .where(agents.USER_ID.eq(table.USER_ID))
            .and(DSL.field(number.append("is_active"), Boolean.class))
            .and(DSL.field(number.append("released_at")).isNull()));
  }
}
