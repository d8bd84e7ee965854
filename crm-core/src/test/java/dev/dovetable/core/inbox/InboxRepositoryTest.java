package dev.dovetable.core.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.inbox.ConversationChange.Kind;
import dev.dovetable.core.users.UserRole;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What people do with conversations. */
class InboxRepositoryTest extends InboxTest {
  private static final Instant TOMORROW = Instant.now().plus(Duration.ofDays(1));

  @Test
  void closesUpToTheLastMessageThatWasSeen() {
    int ada = newCustomer("Ada");
    int first = message(ada, "inbound", "2026-11-01 10:00:00");
    assertThat(state(ada).status()).isEqualTo(ConversationStatus.OPEN);
    assertThat(shop.inbox().close(ada, first, 0).status()).isEqualTo(ConversationStatus.CLOSED);

    message(ada, "inbound", "2026-11-01 09:00:00"); // of a chat of the past
    message(ada, "outbound", "2026-11-01 11:00:00");
    assertThat(state(ada).status()).isEqualTo(ConversationStatus.CLOSED);

    // In the same second as the one that was seen.
    int second = message(ada, "inbound", "2026-11-01 10:00:00");
    assertThat(state(ada).status()).isEqualTo(ConversationStatus.OPEN);
    ConversationState closed = shop.inbox().close(ada, first, 1);
    assertThat(closed.status())
        .as("closed up to a message before the last")
        .isEqualTo(ConversationStatus.OPEN);
    assertThat(shop.inbox().close(ada, second, closed.version()).status())
        .isEqualTo(ConversationStatus.CLOSED);
    shop.messages().delete(second);
    shop.messages().delete(first);
    assertThat(state(ada).status()).isEqualTo(ConversationStatus.CLOSED);
  }

  @Test
  void isOpenOnceTheSnoozeIsOver() throws SQLException {
    int ada = newCustomer("Ada");
    int first = message(ada, "inbound", "2026-11-01 10:00:00");
    ConversationState snoozed = shop.inbox().snooze(ada, TOMORROW, first, 0);
    assertThat(snoozed.status()).isEqualTo(ConversationStatus.SNOOZED);
    assertThat(snoozed.snoozedUntil().orElseThrow()).isBetween(TOMORROW.minusSeconds(1), TOMORROW);
    asSuperuser(
        "update {p}_conversations set snoozed_until = now() - interval '1 day', version = version + 1");
    assertThat(state(ada).status()).isEqualTo(ConversationStatus.OPEN);
    assertThat(state(ada).snoozedUntil()).isEmpty();

    ConversationState again = shop.inbox().snooze(ada, TOMORROW, first, 2);
    message(ada, "inbound", "2026-11-01 10:00:01");
    assertThat(state(ada).status())
        .as("the customer has written")
        .isEqualTo(ConversationStatus.OPEN);
    assertThat(shop.inbox().reopen(ada, again.version()).status())
        .isEqualTo(ConversationStatus.OPEN);
  }

  @Test
  void tellsWhoWasFaster() {
    int ada = newCustomer("Ada");
    int first = message(ada, "inbound", "2026-11-01 10:00:00");
    UUID bo = newMember();
    UUID owner = agent.userId().orElseThrow();
    ConversationState assigned =
        crm.as(Actor.user(bo)).tenant(agent.prefix()).inbox().assign(ada, bo, 0);
    assertThat(assigned.assignee()).contains(bo);
    assertThat(assigned.version()).isEqualTo(1);
    message(ada, "inbound", "2026-11-01 10:00:01");

    assertThatThrownBy(() -> shop.inbox().assign(ada, owner, 0))
        .isInstanceOfSatisfying(
            ConversationConflictException.class,
            e -> {
              assertThat(e.customerId()).isEqualTo(ada);
              assertThat(e.version()).isEqualTo(1);
              assertThat(e.by()).contains(bo);
              assertThat(e.at()).isPresent();
            })
        .hasMessageContaining(agent.prefix());
    assertThatThrownBy(() -> shop.inbox().close(ada, first, 0))
        .isInstanceOf(ConversationConflictException.class);
    assertThat(state(ada).assignee()).contains(bo);

    assertThat(shop.inbox().assign(ada, bo, 1).version()).as("nothing to change").isEqualTo(1);
    assertThat(shop.inbox().unassign(ada, 1).version()).isEqualTo(2);
    assertThat(crm.asService().tenant(agent.prefix()).inbox().close(ada, first, 2).changedBy())
        .isEmpty();
    assertThat(shop.inbox().changes(ada, PageRequest.first(10)).items())
        .extracting(ConversationChange::kind, ConversationChange::by, ConversationChange::version)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(Kind.CLOSED, Optional.empty(), 3L),
            org.assertj.core.groups.Tuple.tuple(Kind.UNASSIGNED, Optional.of(owner), 2L),
            org.assertj.core.groups.Tuple.tuple(Kind.ASSIGNED, Optional.of(bo), 1L));
    assertThat(shop.inbox().changes(ada, PageRequest.first(10)).items().get(1).previousAssignee())
        .contains(bo);
  }

  @Test
  void assignsToColleaguesAlone() {
    int ada = newCustomer("Ada");
    UUID stranger = newUser(UserRole.AGENT).id();
    for (UUID nobody : List.of(stranger, admin.id(), UUID.randomUUID())) {
      Thrown.refused(
          RefusedException.Reason.NOT_A_COLLEAGUE, () -> shop.inbox().assign(ada, nobody, 0));
    }
    assertThat(state(ada).version()).isZero();
    assertThat(shop.inbox().assign(ada, agent.userId().orElseThrow(), 0).version()).isEqualTo(1);
    assertThatThrownBy(
            () -> crm.as(Actor.user(stranger)).tenant(agent.prefix()).inbox().unassign(ada, 1))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void movesTheReadMarkForwardOnly() {
    int ada = newCustomer("Ada");
    int bo = newCustomer("Bo");
    int first = message(ada, "inbound", "2026-11-01 10:00:00");
    int second = message(ada, "inbound", "2026-11-01 10:00:01");
    int other = message(bo, "inbound", "2026-11-01 10:00:01");
    message(ada, "inbound", "2026-11-01 10:00:02");
    assertThat(state(ada).unread()).isEqualTo(3);
    assertThat(shop.inbox().markRead(ada, second).unread()).isEqualTo(1);
    ConversationState later = shop.inbox().markRead(ada, first);
    assertThat(later.unread()).isEqualTo(1);
    assertThat(later.readUpTo()).hasValue(second);
    assertThat(later.version()).isZero();
    message(ada, "inbound", "2026-11-01 09:00:00");
    assertThat(state(ada).unread()).as("of a chat of the past").isEqualTo(1);
    assertThatThrownBy(() -> shop.inbox().markRead(ada, other))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> shop.inbox().close(ada, other, 0))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> shop.inbox().markRead(-1, first))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void keepsTagsAndNotes() {
    int ada = newCustomer("Ada");
    assertThat(shop.inbox().tag(ada, " new ")).isTrue();
    assertThat(shop.inbox().tag(ada, "new")).isFalse();
    assertThat(shop.inbox().tag(ada, "big")).isTrue();
    assertThat(state(ada).tags()).containsExactly("big", "new");
    assertThat(shop.inbox().untag(ada, "new")).isTrue();
    assertThat(shop.inbox().untag(ada, "new")).isFalse();
    Thrown.invalid(InvalidDataException.Kind.MISSING, () -> shop.inbox().tag(ada, " "));
    Thrown.invalid(
        InvalidDataException.Kind.TOO_LONG, () -> shop.inbox().tag(ada, "x".repeat(101)));
    assertThatThrownBy(() -> shop.inbox().tag(-1, "x")).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> shop.inbox().note(-1, "x")).isInstanceOf(NotFoundException.class);

    ConversationNote note = shop.inbox().note(ada, "Call back.");
    ConversationNote second = shop.inbox().note(ada, "Done.");
    assertThat(note.by()).isEqualTo(agent.userId());
    assertThat(shop.inbox().notes(ada, PageRequest.first(1)).items()).containsExactly(second);
    assertThat(
            shop.inbox()
                .notes(
                    ada,
                    PageRequest.first(1)
                        .after(shop.inbox().notes(ada, PageRequest.first(1)).next().orElseThrow()))
                .items())
        .containsExactly(note);
    assertThat(shop.inbox().deleteNote(note.id())).isTrue();
    assertThat(shop.inbox().deleteNote(note.id())).isFalse();
  }

  @Test
  void makesOneOfTwoConversations() {
    int ada = newCustomer("Ada");
    int again = newCustomer("Ada");
    UUID bo = newMember();
    int first = message(ada, "inbound", "2026-11-01 10:00:00");
    int read = message(ada, "inbound", "2026-11-01 10:00:04");
    int other = message(again, "inbound", "2026-11-01 10:00:01");
    message(again, "inbound", "2026-11-01 10:00:02");
    shop.inbox().markRead(ada, read);
    shop.inbox().markRead(again, other);
    shop.inbox().close(ada, read, 0);
    shop.inbox().assign(again, bo, 0);
    List.of("a", "b").forEach(tag -> shop.inbox().tag(ada, tag));
    List.of("b", "c").forEach(tag -> shop.inbox().tag(again, tag));
    shop.inbox().note(again, "Twice here?");

    int kept =
        shop.dsl()
            .fetchSingle(
                "select crm_private.merge_customers(?, array[?::integer, ?::integer], null)",
                agent.prefix(),
                ada,
                again)
            .get(0, Integer.class);
    assertThat(kept).isEqualTo(ada);
    assertThat(shop.customers().find(again)).isEmpty();
    ConversationState joined = state(ada);
    assertThat(joined.tags()).containsExactly("a", "b", "c");
    assertThat(joined.assignee()).contains(bo);
    assertThat(joined.readUpTo()).hasValue(other);
    assertThat(joined.unread()).isEqualTo(2);
    assertThat(joined.status()).isEqualTo(ConversationStatus.OPEN);
    assertThat(joined.lastMessage()).hasValue(read);
    assertThat(first).isPositive();
    assertThat(shop.inbox().notes(ada, PageRequest.first(9)).items()).hasSize(1);
    assertThat(shop.inbox().changes(ada, PageRequest.first(9)).items())
        .extracting(ConversationChange::kind)
        .containsExactly(Kind.ASSIGNED, Kind.CLOSED);
  }

  @Test
  void saysWhatToRunWhereThereAreNoTables() throws SQLException {
    int ada = newCustomer("Ada");
    asSuperuser("drop table {p}_conversation_tags, {p}_conversations cascade");
    Thrown.refused(RefusedException.Reason.INBOX_NOT_REGISTERED, () -> shop.inbox().find(ada));
    Thrown.refused(
        RefusedException.Reason.INBOX_NOT_REGISTERED, () -> shop.inbox().unassign(ada, 0));
  }

  UUID newMember() {
    UUID id = newUser(UserRole.AGENT).id();
    crm.asService().agents().members(agent.prefix()).add(id);
    return id;
  }
}
