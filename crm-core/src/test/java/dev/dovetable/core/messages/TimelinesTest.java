package dev.dovetable.core.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.users.UserRole;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A conversation in both directions, by time, and counted. */
class TimelinesTest extends DatabaseTest {
  private static final Instant NOON = Instant.parse("2026-03-29T12:00:00Z");

  private TenantScope scope;
  private int ada;
  private int bo;

  /** Of Ada, oldest first; the second and third at the same time. */
  private List<Message> messages;

  @BeforeEach
  void record() {
    scope = newTenant();
    ada = scope.customers().create(new NewCustomer("Ada", "1")).id();
    bo = scope.customers().create(new NewCustomer("Bo", "2")).id();
    messages =
        scope
            .messages()
            .recordAll(
                List.of(
                    NewMessage.inbound(ada, "0").at(NOON),
                    NewMessage.outbound(ada, "1").at(NOON.plusSeconds(1)),
                    NewMessage.inbound(ada, "2").at(NOON.plusSeconds(1)),
                    NewMessage.inbound(ada, "3").at(NOON.plusSeconds(2)),
                    NewMessage.outbound(ada, "4").at(NOON.plusSeconds(3))));
    scope.messages().recordInbound(bo, "of Bo", NOON.plusSeconds(2));
  }

  @Test
  void bothDirections() {
    List<Message> newestFirst = new ArrayList<>(messages);
    Collections.reverse(newestFirst);

    assertThat(walk(page -> scope.messages().timeline(ada, page), Optional.empty()))
        .isEqualTo(newestFirst);
    assertThat(walk(page -> scope.messages().timelineOldestFirst(ada, page), Optional.empty()))
        .isEqualTo(messages);
  }

  @Test
  void fromAMessageInBothDirections() {
    Message middle = messages.get(2);
    Optional<Cursor> place = Optional.of(scope.messages().placeOf(middle));

    assertThat(walk(page -> scope.messages().timelineOldestFirst(ada, page), place))
        .containsExactly(messages.get(3), messages.get(4));
    assertThat(walk(page -> scope.messages().timeline(ada, page), place))
        .containsExactly(messages.get(1), messages.get(0));
    assertThatThrownBy(() -> scope.messages().timeline(bo, new PageRequest(1, place)))
        .isInstanceOf(InvalidDataException.class);
  }

  @Test
  void whatIsNewerThanTheLastOneSeen() {
    Optional<Cursor> last = Optional.of(scope.messages().placeOf(messages.get(4)));
    assertThat(walk(page -> scope.messages().timelineOldestFirst(ada, page), last)).isEmpty();

    Message next = scope.messages().recordInbound(ada, "5", NOON.plusSeconds(9));

    assertThat(walk(page -> scope.messages().timelineOldestFirst(ada, page), last))
        .containsExactly(next);
  }

  @Test
  void latestAsTheyAreRead() {
    assertThat(scope.messages().latest(ada, 2)).containsExactly(messages.get(3), messages.get(4));
    assertThat(scope.messages().latest(ada, 1000)).isEqualTo(messages);
    assertThat(scope.messages().latest(-1, 1)).isEmpty();
    assertThatThrownBy(() -> scope.messages().latest(ada, 0))
        .isInstanceOf(InvalidDataException.class);
  }

  @Test
  void betweenTwoInstants() {
    Instant from = NOON.plusSeconds(1);
    Instant to = NOON.plusSeconds(3);

    assertThat(
            walk(page -> scope.messages().timelineBetween(ada, from, to, page), Optional.empty()))
        .containsExactly(messages.get(3), messages.get(2), messages.get(1));
    assertThat(walk(page -> scope.messages().listBetween(from, to, page), Optional.empty()))
        .extracting(Message::text)
        .containsExactly("of Bo", "3", "2", "1");
    assertThat(scope.messages().listBetween(to, from, PageRequest.first(5)).items()).isEmpty();
    assertThatThrownBy(() -> scope.messages().listBetween(from, Instant.MAX, PageRequest.first(5)))
        .isInstanceOf(InvalidDataException.class);
  }

  /** Other clients may have written them; to the database they are times like all others. */
  @Test
  void timesWithoutEndHaveTheirPlaces() {
    var table = scope.tables().messages();
    scope.dsl().execute("update {0} set timestamp = 'infinity' where message in ('3', '4')", table);
    scope
        .dsl()
        .execute("update {0} set timestamp = '-infinity' where message in ('0', '1')", table);

    assertThat(walk(page -> scope.messages().timelineOldestFirst(ada, page), Optional.empty()))
        .extracting(Message::text)
        .containsExactly("0", "1", "2", "3", "4");
    assertThat(walk(page -> scope.messages().timeline(ada, page), Optional.empty()))
        .extracting(Message::text)
        .containsExactly("4", "3", "2", "1", "0");
    PageRequest first = PageRequest.first(1);
    Cursor afterAda = scope.conversations().latest(first).next().orElseThrow();
    assertThat(scope.conversations().latest(first.after(afterAda)).items())
        .extracting(conversation -> conversation.customer().id())
        .containsExactly(bo);
  }

  @Test
  void counts() {
    assertThat(scope.messages().count()).isEqualTo(6);
    assertThat(scope.messages().count(ada)).isEqualTo(5);
    assertThat(scope.messages().count(-1)).isZero();
    assertThat(newTenant().messages().count()).isZero();
  }

  private static List<Message> walk(
      Function<PageRequest, Page<Message>> list, Optional<Cursor> from) {
    List<Message> seen = new ArrayList<>();
    Optional<Cursor> after = from;
    do {
      Page<Message> page = list.apply(new PageRequest(2, after));
      seen.addAll(page.items());
      after = page.next();
    } while (after.isPresent());
    return seen;
  }

  @Test
  void manyAtOnceKeepOrderTimeAndText() {
    List<String> texts =
        List.of(
            "", "NULL", "null", "{\"a\",b}", "\\", "'\"", "a,b", " x ", "\r\n\t", "😀", "مرحبا");
    List<NewMessage> wanted = texts.stream().map(text -> NewMessage.inbound(ada, text)).toList();

    Instant before = Instant.now().minus(Duration.ofMinutes(5));
    List<Message> recorded = scope.messages().recordAll(wanted);

    assertThat(recorded).extracting(Message::text).isEqualTo(texts);
    assertThat(recorded).extracting(Message::id).isSorted();
    assertThat(recorded)
        .extracting(Message::timestamp)
        .allSatisfy(time -> assertThat(time).isBetween(before, before.plusSeconds(600)));
    assertThat(recorded)
        .allSatisfy(message -> assertThat(scope.messages().find(message.id())).contains(message));
    assertThat(scope.messages().recordAll(List.of())).isEmpty();
  }

  @Test
  void manyAtOnceHoldTimesOfAnyEra() {
    List<Instant> times =
        List.of(
            Instant.parse("-4712-01-01T00:00:00Z"),
            Instant.parse("0000-12-31T23:59:59.999999Z"),
            Instant.parse("0001-01-01T00:00:00Z"),
            Instant.parse("1969-12-31T23:59:59.999999Z"),
            Instant.parse("2026-03-29T01:30:00.123456Z"),
            Instant.parse("+294276-12-31T23:59:59.999999Z"));

    assertThat(
            scope
                .messages()
                .recordAll(
                    times.stream().map(time -> NewMessage.inbound(ada, "x").at(time)).toList()))
        .extracting(Message::timestamp)
        .isEqualTo(times);
    assertThatThrownBy(
            () -> NewMessage.inbound(ada, "x").at(Instant.parse("+294277-01-01T00:00:00Z")))
        .isInstanceOf(InvalidDataException.class);
    assertThatThrownBy(() -> scope.messages().recordInbound(ada, "x", Instant.MIN))
        .isInstanceOf(InvalidDataException.class);
  }

  @Test
  void manyAtOnceAreAllOrNoneAndTheTransactionLives() {
    List<NewMessage> wanted =
        List.of(
            NewMessage.inbound(ada, "fine"),
            NewMessage.inbound(-7, "secret"),
            NewMessage.inbound(-8, "secret"));

    scope.transaction(
        inner -> {
          assertThatThrownBy(() -> inner.messages().recordAll(wanted))
              .isInstanceOf(NotFoundException.class)
              .hasMessageContaining("customer -7")
              .hasMessageContaining("index 1")
              .hasMessageNotContaining("secret");
          return inner.messages().recordInbound(bo, "still there");
        });

    assertThat(scope.messages().count(ada)).isEqualTo(5);
    assertThat(scope.messages().count(bo)).isEqualTo(2);
  }

  @Test
  void manyAtOnceForSomebodyElsesCustomersAreRefused() {
    TenantScope asStranger =
        crm.as(Actor.user(newUser(UserRole.AGENT).id())).tenant(scope.prefix());

    assertThatThrownBy(() -> asStranger.messages().recordAll(List.of(NewMessage.inbound(ada, "x"))))
        .isInstanceOf(NotFoundException.class);
    assertThat(scope.messages().count()).isEqualTo(6);
  }

  @Test
  void moreThanAThousandAtOnceAreRefused() {
    assertThat(scope.messages().recordAll(Collections.nCopies(1000, NewMessage.outbound(ada, "x"))))
        .hasSize(1000);
    assertThatThrownBy(
            () ->
                scope
                    .messages()
                    .recordAll(Collections.nCopies(1001, NewMessage.outbound(ada, "x"))))
        .isInstanceOf(InvalidDataException.class);
  }
}
