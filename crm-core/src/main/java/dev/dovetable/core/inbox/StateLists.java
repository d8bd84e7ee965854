package dev.dovetable.core.inbox;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Keyset;
import dev.dovetable.core.jooq.tables.ConversationChanges;
import dev.dovetable.core.jooq.tables.ConversationNotes;
import dev.dovetable.core.jooq.tables.ConversationTags;
import dev.dovetable.core.jooq.tables.Conversations;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.TableField;
import org.jooq.impl.DSL;

/** What is read of conversations, with their tags and notes. Immutable and thread-safe. */
final class StateLists {
  private final Session session;
  private final AgentIdentity identity;
  private final Conversations conversations;
  private final ConversationTags tags;
  private final ConversationNotes notes;
  private final ConversationChanges changes;

  StateLists(
      Session session, AgentIdentity identity, Conversations conversations, ConversationTags tags) {
    this.session = session;
    this.identity = identity;
    this.conversations = conversations;
    this.tags = tags;
    this.notes =
        ConversationNotes.CONVERSATION_NOTES.rename(
            identity.table(ConversationNotes.CONVERSATION_NOTES.getName()));
    this.changes =
        ConversationChanges.CONVERSATION_CHANGES.rename(
            identity.table(ConversationChanges.CONVERSATION_CHANGES.getName()));
  }

  Optional<ConversationState> find(int customerId) {
    return session
        .dsl()
        .select(StateReader.columns(conversations, tags))
        .from(conversations)
        .where(conversations.CUSTOMER_ID.eq(customerId))
        .fetchOptional(row -> StateReader.state(row, conversations));
  }

  boolean tag(int customerId, String tag) {
    return ofCustomer(
            customerId,
            () ->
                session
                    .dsl()
                    .insertInto(tags, tags.CUSTOMER_ID, tags.TAG)
                    .values(customerId, tag)
                    .onConflictDoNothing()
                    .execute())
        > 0;
  }

  boolean untag(int customerId, String tag) {
    return session
            .dsl()
            .deleteFrom(tags)
            .where(tags.CUSTOMER_ID.eq(customerId), tags.TAG.eq(tag))
            .execute()
        > 0;
  }

  ConversationNote note(int customerId, String text) {
    return ofCustomer(
        customerId,
        () ->
            session
                .dsl()
                .insertInto(notes, notes.CUSTOMER_ID, notes.NOTE)
                .values(customerId, text)
                .returning(notes.fields())
                .fetchSingle(this::note));
  }

  boolean deleteNote(long id) {
    return session.dsl().deleteFrom(notes).where(notes.ID.eq(id)).execute() > 0;
  }

  Page<ConversationNote> notes(int customerId, PageRequest page) {
    String list = identity.prefix() + ".notes." + customerId;
    List<ConversationNote> fetched =
        session
            .dsl()
            .select(notes.fields())
            .from(notes)
            .where(notes.CUSTOMER_ID.eq(customerId))
            .and(isAfter(list, page, notes.ID))
            .orderBy(notes.ID.desc())
            .limit(page.limit() + 1)
            .fetch(this::note);
    return Keyset.page(fetched, page, last -> Keyset.cursor(list, last.id()));
  }

  private record Entry(long id, ConversationChange change) {}

  Page<ConversationChange> changes(int customerId, PageRequest page) {
    String list = identity.prefix() + ".changes." + customerId;
    List<Entry> fetched =
        session
            .dsl()
            .select(changes.fields())
            .from(changes)
            .where(changes.CUSTOMER_ID.eq(customerId))
            .and(isAfter(list, page, changes.ID))
            .orderBy(changes.ID.desc())
            .limit(page.limit() + 1)
            .fetch(row -> new Entry(row.get(changes.ID), change(row)));
    Page<Entry> part = Keyset.page(fetched, page, last -> Keyset.cursor(list, last.id()));
    return new Page<>(part.items().stream().map(Entry::change).toList(), part.next());
  }

  private static Condition isAfter(String list, PageRequest page, TableField<?, Long> id) {
    return requireNonNull(page, "page")
        .after()
        .<Condition>map(cursor -> id.lt(Keyset.toLong(Keyset.keys(cursor, list, 1).get(0))))
        .orElse(DSL.noCondition());
  }

  private ConversationNote note(Record row) {
    return new ConversationNote(
        row.get(notes.ID),
        row.get(notes.CUSTOMER_ID),
        row.get(notes.NOTE),
        Optional.ofNullable(row.get(notes.WRITTEN_BY)),
        row.get(notes.WRITTEN_AT));
  }

  private ConversationChange change(Record row) {
    return new ConversationChange(
        row.get(changes.CUSTOMER_ID),
        row.get(changes.VERSION),
        ConversationChange.Kind.valueOf(row.get(changes.KIND).toUpperCase(Locale.ROOT)),
        Optional.ofNullable(row.get(changes.ASSIGNEE)),
        Optional.ofNullable(row.get(changes.PREVIOUS_ASSIGNEE)),
        StateReader.id(row.get(changes.UP_TO_ID)),
        Optional.ofNullable(row.get(changes.SNOOZED_UNTIL)),
        Optional.ofNullable(row.get(changes.CHANGED_BY)),
        row.get(changes.CHANGED_AT));
  }

  private <T> T ofCustomer(int customerId, Supplier<T> work) {
    try {
      return work.get();
    } catch (InvalidDataException e) {
      throw e.kind() == InvalidDataException.Kind.FOREIGN_KEY
          ? identity.notFound("customer " + customerId)
          : e;
    }
  }
}
