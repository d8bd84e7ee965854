package dev.dovetable.core.inbox;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Exists;
import dev.dovetable.core.jooq.tables.ConversationTags;
import dev.dovetable.core.jooq.tables.Conversations;
import dev.dovetable.core.jooq.tables.records.ConversationsRecord;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jooq.CommonTableExpression;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;

/** Changes a conversation's row, whose triggers check and complete it. Immutable, thread-safe. */
final class StateChange {
  private static final Field<Boolean> IS_DONE = DSL.field(DSL.name("is_done"), Boolean.class);

  private final Session session;
  private final AgentIdentity identity;
  private final Conversations conversations;
  private final ConversationTags tags;

  StateChange(
      Session session, AgentIdentity identity, Conversations conversations, ConversationTags tags) {
    this.session = session;
    this.identity = identity;
    this.conversations = conversations;
    this.tags = tags;
  }

  /**
   * with present as (select … for no key update), changed as (update … from present …) select …
   *
   * <p>The row is locked first: without that, a statement that had to wait for another one would
   * tell what there was before the wait.
   *
   * @param message the message that the values name
   * @param version the version that it must have
   */
  ConversationState run(
      int customerId, OptionalInt message, OptionalLong version, Map<Field<?>, ?> values) {
    Conversations present = conversations.as("present");
    Conversations changed = conversations.as("changed");
    CommonTableExpression<ConversationsRecord> lock =
        DSL.name("present")
            .as(
                DSL.selectFrom(conversations)
                    .where(conversations.CUSTOMER_ID.eq(customerId))
                    .forNoKeyUpdate());
    CommonTableExpression<ConversationsRecord> update =
        DSL.name("changed")
            .as(
                DSL.update(conversations)
                    .set(values)
                    .from(lock)
                    .where(conversations.CUSTOMER_ID.eq(present.CUSTOMER_ID))
                    .and(
                        version.isPresent()
                            ? conversations.VERSION.eq(version.getAsLong())
                            : DSL.noCondition())
                    .returning(conversations.fields()));
    Record row;
    try {
      row =
          session
              .dsl()
              .with(lock)
              .with(update)
              .select(StateReader.columns(changed, tags))
              .select(DSL.inline(true).as(IS_DONE))
              .from(update)
              .unionAll(
                  DSL.select(StateReader.columns(present, tags))
                      .select(DSL.inline(false))
                      .from(lock)
                      .where(Exists.notIn(DSL.selectOne().from(update))))
              .fetchOptional(one -> one)
              .orElseThrow(() -> identity.notFound("customer " + customerId));
    } catch (InvalidDataException e) {
      throw message.isPresent() && e.kind() == InvalidDataException.Kind.FOREIGN_KEY
          ? identity.notFound("message " + message.getAsInt() + " of customer " + customerId)
          : e;
    }
    ConversationState state = StateReader.state(row, changed);
    if (!row.get(IS_DONE)) {
      throw new ConversationConflictException(
          identity.prefix(), version.orElse(state.version()), state);
    }
    return state;
  }
}
