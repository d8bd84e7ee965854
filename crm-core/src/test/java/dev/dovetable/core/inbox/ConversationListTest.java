package dev.dovetable.core.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.fixture.CountedTest;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.core.webhooks.Webhooks;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What lists make of any state; whether it is reached by reading little: ConversationPlansTest. */
class ConversationListTest extends CountedTest {
  private static final ConversationCounts NONE = new ConversationCounts(0, 0, 0, 0, 0, 0, 0, 0);
  private static final PageRequest ALL = PageRequest.first(1000);

  @BeforeAll
  static void prepare() {
    InboxTest.run(Webhooks.extension(), Inbox.extension());
  }

  /** More have the tag "many" than are looked up one by one. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void pagesHoldWhatAnyFilterLetsThroughInBothDirections(int seed) throws SQLException {
    Agent agent = newAgent();
    ConversationRows rows = new ConversationRows(database, agent.prefix());
    rows.fill(600, seed);
    List<InboxConversation> all = rows.all();
    Random random = new Random(seed);
    ConversationRepository lists = crm.asAgent(agent.prefix()).conversations();
    assertThat(lists.list(ConversationFilter.all(), ALL).items()).hasSize(540);

    for (int i = 0; i < 40; i++) {
      ConversationFilter filter = filter(random);
      List<InboxConversation> expected =
          new ArrayList<>(all.stream().filter(ConversationRows.passes(filter)).toList());
      assertThat(walk(random, page -> lists.listOldestFirst(filter, page)))
          .as("oldest first, %s, seed %d", filter, seed)
          .isEqualTo(expected);
      Collections.reverse(expected);
      assertThat(walk(random, page -> lists.list(filter, page)))
          .as("newest first, %s, seed %d", filter, seed)
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 11})
  void badgesCountWhatTheListsHold(int seed) throws SQLException {
    Agent agent = newAgent();
    UUID me = agent.userId().orElseThrow();
    ConversationRows rows = new ConversationRows(database, agent.prefix());
    rows.fill(300, seed);
    rows.run(
        "set session_replication_role = replica; update crm.{p}_conversations set assignee = '%s' where customer_id %% 4 = 0"
            .formatted(me));
    ConversationCounts counts = rows.counts(me);

    assertThat(crm.as(Actor.user(me)).tenant(agent.prefix()).conversations().counts())
        .isEqualTo(counts);
    assertThat(counts.mine()).isPositive();
    assertThat(counts.snoozeOver()).isPositive();
    assertThat(crm.asService().tenant(agent.prefix()).conversations().counts())
        .isEqualTo(
            new ConversationCounts(
                counts.open(),
                counts.unread(),
                counts.unreadMessages(),
                counts.waiting(),
                counts.unassigned(),
                0,
                counts.snoozeOver(),
                counts.snoozed()));
  }

  /** Nothing writes down that a snooze is over. */
  @Test
  void snoozeThatIsOverIsOpenByTheClockAlone() throws Exception {
    Agent agent = newAgent();
    ConversationRows rows = new ConversationRows(database, agent.prefix());
    rows.fill(20, 1);
    rows.run(
        "set session_replication_role = replica; update crm.{p}_conversations set set_status = 'snoozed',"
            + " set_up_to_at = 'infinity', set_up_to_id = 0, snoozed_until = timezone('utc', clock_timestamp()) + interval '1 h'");
    ConversationRepository lists = crm.asAgent(agent.prefix()).conversations();
    assertThat(lists.list(ConversationFilter.open(), ALL).items()).isEmpty();
    assertThat(lists.list(ConversationFilter.snoozed(), ALL).items()).hasSize(18);
    assertThat(lists.counts().snoozed()).isEqualTo(18);

    rows.run(
        "set session_replication_role = replica;"
            + " update crm.{p}_conversations set snoozed_until = timezone('utc', clock_timestamp())");

    List<InboxConversation> open = lists.list(ConversationFilter.open(), ALL).items();
    assertThat(open).hasSize(18);
    assertThat(open)
        .allSatisfy(
            each -> {
              assertThat(each.state().status()).isEqualTo(ConversationStatus.OPEN);
              assertThat(each.state().snoozedUntil()).isEmpty();
            });
    assertThat(lists.list(ConversationFilter.snoozed(), ALL).items()).isEmpty();
    assertThat(lists.counts().open()).isEqualTo(18);
    assertThat(lists.counts().snoozeOver()).isEqualTo(18);
    assertThat(lists.counts().snoozed()).isZero();
  }

  @Test
  void placesAreThoseOfThePlainListWhateverTheFilterAndDirection() throws SQLException {
    Agent agent = newAgent();
    ConversationRows rows = new ConversationRows(database, agent.prefix());
    rows.fill(30, 3);
    ConversationRepository lists = crm.asAgent(agent.prefix()).conversations();
    List<InboxConversation> all = lists.list(ConversationFilter.all(), ALL).items();
    Cursor middle = lists.placeOf(all.get(9));
    PageRequest ten = PageRequest.first(10);

    assertThat(lists.list(ConversationFilter.all(), ten).next()).contains(middle);
    assertThat(lists.latest(ten).next()).contains(middle);
    assertThat(lists.list(ConversationFilter.all(), ten.after(middle)).items())
        .isEqualTo(all.subList(10, 20));
    List<InboxConversation> newer = new ArrayList<>(all.subList(0, 9));
    Collections.reverse(newer);
    assertThat(lists.listOldestFirst(ConversationFilter.all(), ten.after(middle)).items())
        .isEqualTo(newer);
    assertThat(lists.listOldestFirst(ConversationFilter.open(), ten.after(middle)).items())
        .isEqualTo(
            newer.stream().filter(ConversationRows.passes(ConversationFilter.open())).toList());
    assertThat(all.get(0).windowEndsAt())
        .isEqualTo(all.get(0).state().lastInboundAt().map(time -> time.plusSeconds(86_400)));
    Thrown.invalid(
        InvalidDataException.Kind.CURSOR,
        () -> newTenant().conversations().list(ConversationFilter.all(), ten.after(middle)));
  }

  @Test
  void takesOneRoundTrip() {
    TenantScope scope = counted.asAgent(newAgent().prefix());
    ConversationFilter filter = filterOfAll();

    assertThat(trips(() -> scope.conversations().list(filter, ALL))).isOne();
    assertThat(trips(() -> scope.conversations().listOldestFirst(filter, ALL))).isOne();
    assertThat(trips(() -> scope.conversations().counts())).isOne();
  }

  @Test
  void nobodyElseSeesAnyOfIt() throws SQLException {
    Agent agent = newAgent();
    new ConversationRows(database, agent.prefix()).fill(20, 1);
    TenantScope stranger = crm.as(Actor.user(newUser(UserRole.AGENT).id())).tenant(agent.prefix());

    assertThat(stranger.conversations().list(ConversationFilter.all(), ALL).items()).isEmpty();
    assertThat(stranger.conversations().list(ConversationFilter.all().tagged("many"), ALL).items())
        .isEmpty();
    assertThat(stranger.conversations().counts()).isEqualTo(NONE);
    assertThat(
            crm.asService()
                .tenant(agent.prefix())
                .conversations()
                .list(ConversationFilter.all(), ALL)
                .items())
        .hasSize(18);
  }

  @Test
  void withoutTheTablesItSaysWhatToRun() throws SQLException {
    Agent agent = newAgent();
    TenantScope scope = crm.asAgent(agent.prefix());
    scope.messages().recordInboundFrom("1", "Ada", "By phone", Instant.EPOCH);
    new ConversationRows(database, agent.prefix()).run("drop table crm.{p}_conversations cascade");

    assertThatThrownBy(() -> scope.conversations().list(ConversationFilter.open(), ALL))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(RefusedException.Reason.INBOX_NOT_REGISTERED);
              assertThat(e.remedy()).contains("Inbox.extension()", "Webhooks.extension()");
              assertThat(e.getMessage()).contains(agent.prefix());
            });
    Thrown.refused(
        RefusedException.Reason.INBOX_NOT_REGISTERED, () -> scope.conversations().counts());
    assertThat(scope.conversations().latest(ALL).items()).hasSize(1);
  }

  @Test
  void refusesWhatNoConversationCanBe() {
    Thrown.invalid(
        InvalidDataException.Kind.NOT_TEXT, () -> ConversationFilter.all().tagged("a\0"));
    Thrown.invalid(
        InvalidDataException.Kind.NOT_TEXT, () -> ConversationFilter.all().through("\ud800"));
    Thrown.invalid(
        InvalidDataException.Kind.OUT_OF_BOUNDS,
        () ->
            new ConversationFilter(
                Optional.empty(),
                false,
                true,
                Optional.of(UUID.randomUUID()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    UUID me = UUID.randomUUID();
    assertThat(ConversationFilter.all().assignedTo(me).unassigned())
        .isEqualTo(ConversationFilter.all().unassigned());
    assertThat(ConversationFilter.all().unassigned().assignedTo(me))
        .isEqualTo(ConversationFilter.all().assignedTo(me));
  }

  private static ConversationFilter filterOfAll() {
    return ConversationFilter.open()
        .unread()
        .assignedTo(UUID.randomUUID())
        .tagged("vip")
        .through("1")
        .groupsOnly();
  }

  private static ConversationFilter filter(Random random) {
    ConversationFilter filter =
        new ConversationFilter(
            any(random, List.of(ConversationStatus.values())),
            random.nextInt(3) == 0,
            false,
            Optional.empty(),
            any(random, ConversationRows.TAGS),
            random.nextInt(3) == 0 ? any(random, ConversationRows.NUMBERS) : Optional.empty(),
            random.nextInt(3) == 0 ? any(random, List.of(true, false)) : Optional.empty());
    return switch (random.nextInt(4)) {
      case 0 -> filter.unassigned();
      case 1 -> filter.assignedTo(ConversationRows.PEOPLE.get(random.nextInt(2)));
      default -> filter;
    };
  }

  private static <T> Optional<T> any(Random random, List<T> values) {
    int index = random.nextInt(values.size() + 1);
    return index == values.size() ? Optional.empty() : Optional.of(values.get(index));
  }

  /** All pages, put together. */
  private static List<InboxConversation> walk(
      Random random, Function<PageRequest, Page<InboxConversation>> list) {
    List<InboxConversation> read = new ArrayList<>();
    Optional<Cursor> cursor = Optional.empty();
    do {
      Page<InboxConversation> page =
          list.apply(new PageRequest(1 + random.nextInt(read.size() + 20), cursor));
      read.addAll(page.items());
      cursor = page.next();
    } while (cursor.isPresent());
    return read;
  }
}
