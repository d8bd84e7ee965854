package dev.dovetable.core.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.deliveries.DeliveryRepository;
import dev.dovetable.core.deliveries.TimelineMessage;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.webhooks.TimelineOracle.Member;
import dev.dovetable.core.webhooks.TimelineOracle.Said;
import dev.dovetable.core.webhooks.TimelineOracle.Told;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Messages, statuses, reactions, edits, revocations and answers, in people's chats and in a group,
 * by both sides, in any order and more than once: a screen shows what an oracle makes of them.
 */
class TimelineOrderTest extends ToldTest {
  private static final String BO = "13125550143";
  private static final String GROUP = "Y2FwaV9ncm91cDox";
  private static final List<Member> PEOPLE =
      List.of(new Member(ADA, "US.1", "Ada"), new Member(BO, "US.2", "Bo"));
  private static final List<String> CHATS = List.of(ADA, BO, GROUP);

  private final TimelineOracle oracle = new TimelineOracle();

  static LongStream seeds() {
    return LongStream.of(1, 2, 3, 5, 8, 13, 21, -34, 20261130, 4711);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void showsWhatTheOracleMakesOfWhatWasTold(long seed) {
    TenantScope scope = shop.scope();
    for (Member person : PEOPLE) {
      scope.customers().create(new NewCustomer(person.name(), person.phone()));
    }
    Random random = new Random(seed);
    List<Runnable> tellings = tellings(random);
    // So that there is a group.
    tellings.add(say(new Said("wamid.g", GROUP, by(0), true, 999, "text", none(), of("g"))));
    List<Runnable> all = new ArrayList<>(tellings);
    all.addAll(tellings.subList(0, tellings.size() / 3));
    Collections.shuffle(all, random);
    all.forEach(Runnable::run);

    shows(scope, seed);
    List<Said> known = new ArrayList<>(oracle.all());
    Collections.shuffle(known, random);
    for (Said deleted : known.subList(0, 8)) {
      scope.messages().delete(message(deleted.id()).id());
      oracle.forget(deleted.id());
    }
    shows(scope, seed);
  }

  private void shows(TenantScope scope, long seed) {
    DeliveryRepository deliveries = scope.deliveries();
    for (String chat : CHATS) {
      int id = customer(chat).id();
      List<TimelineMessage> newestFirst =
          walk(page -> deliveries.timeline(id, page), Optional.empty());
      List<TimelineMessage> oldestFirst =
          walk(page -> deliveries.timelineOldestFirst(id, page), Optional.empty());
      assertThat(newestFirst)
          .as("seed %d, %s", seed, chat)
          .extracting(TimelineOracle.Line::of)
          .isEqualTo(oracle.timeline(chat));
      Collections.reverse(oldestFirst);
      assertThat(oldestFirst).isEqualTo(newestFirst);

      TimelineMessage middle = newestFirst.get(newestFirst.size() / 2);
      assertThat(
              walk(
                  page -> deliveries.timeline(id, page),
                  Optional.of(scope.messages().placeOf(middle.message()))))
          .isEqualTo(newestFirst.subList(newestFirst.size() / 2 + 1, newestFirst.size()));

      List<Integer> ids = newestFirst.stream().map(each -> each.message().id()).toList();
      for (TimelineMessage each : newestFirst) {
        assertThat(scope.messages().find(each.message().id())).contains(each.message());
        assertThat(deliveries.find(ids).get(each.message().id()))
            .isEqualTo(each.delivery().orElseThrow());
        assertThat(Optional.ofNullable(deliveries.details(ids).get(each.message().id())))
            .isEqualTo(each.details());
      }
    }
  }

  private static List<TimelineMessage> walk(
      Function<PageRequest, Page<TimelineMessage>> list, Optional<Cursor> from) {
    List<TimelineMessage> seen = new ArrayList<>();
    Optional<Cursor> after = from;
    do {
      Page<TimelineMessage> page = list.apply(new PageRequest(4, after));
      seen.addAll(page.items());
      after = page.next();
    } while (after.isPresent());
    return seen;
  }

  private List<Runnable> tellings(Random random) {
    List<Runnable> tellings = new ArrayList<>();
    List<Said> known = new ArrayList<>();
    for (int at = 1; at <= 70; at++) {
      if (random.nextInt(4) == 0) {
        tellings.add(tell(status(random, known, at)));
        continue;
      }
      Said message = message(random, known, at);
      known.add(message);
      tellings.add(say(message));
    }
    return tellings;
  }

  private static Said message(Random random, List<Said> known, int at) {
    String id = "wamid." + at;
    int kind = random.nextInt(10);
    boolean inbound = random.nextBoolean();
    // What concerns a message is in its chat as a rule, and by who may as often as not.
    Optional<Said> target =
        known.isEmpty() || random.nextInt(8) == 0
            ? Optional.empty()
            : Optional.of(known.get(random.nextInt(known.size())));
    String chat =
        target
            .filter(each -> random.nextInt(6) > 0)
            .map(Said::chat)
            .orElse(CHATS.get(random.nextInt(CHATS.size())));
    Optional<Member> by =
        inbound && chat.equals(GROUP) ? by(random.nextInt(PEOPLE.size())) : Optional.empty();
    Optional<String> targetId = Optional.of(target.map(Said::id).orElse("wamid.unknown"));
    return switch (kind) {
      case 0, 1, 2 -> new Said(id, chat, by, inbound, at, "reaction", targetId, emoji(random));
      case 3, 4 -> new Said(id, chat, by, inbound, at, "edit", targetId, of("new " + id));
      case 5 -> new Said(id, chat, by, inbound, at, "revoke", targetId, none());
      case 6 -> new Said(id, chat, by, inbound, at, "image", none(), of("caption " + id));
      case 7 ->
          inbound || chat.equals(GROUP)
              ? new Said(id, chat, by, inbound, at, "text", targetId, of("answer " + id))
              : new Said(id, chat, none(), false, at, "", none(), of("recorded " + id));
      default -> new Said(id, chat, by, inbound, at, "text", none(), of("text " + id));
    };
  }

  private static Told status(Random random, List<Said> known, int at) {
    List<Said> sent = known.stream().filter(each -> !each.inbound()).toList();
    String state = List.of("sent", "delivered", "read", "failed").get(random.nextInt(4));
    if (sent.isEmpty() || random.nextInt(8) == 0) {
      return new Told("wamid.later", state, none(), at);
    }
    Said message = sent.get(random.nextInt(sent.size()));
    return new Told(
        message.id(),
        state,
        message.chat().equals(GROUP) ? by(random.nextInt(PEOPLE.size())) : none(),
        at);
  }

  private Runnable say(Said message) {
    oracle.say(message);
    if (message.kind().isEmpty()) {
      return () ->
          shop.scope()
              .deliveries()
              .record(
                  NewMessage.outbound(customer(message.chat()).id(), message.text())
                      .at(Instant.ofEpochSecond(message.at())),
                  message.id());
    }
    String content =
        switch (message.kind()) {
          case "reaction" ->
              "{'message_id':'%s'%s}"
                  .formatted(
                      message.target().orElseThrow(),
                      message.content().map(",'emoji':'%s'"::formatted).orElse(""));
          case "edit" ->
              "{'original_message_id':'%s','message':{'type':'text','text':{'body':'%s'}}}"
                  .formatted(message.target().orElseThrow(), message.content().orElseThrow());
          case "revoke" -> "{'original_message_id':'%s'}".formatted(message.target().orElseThrow());
          case "image" ->
              "{'id':'9001','caption':'%s','mime_type':'image/png'}"
                  .formatted(message.content().orElseThrow());
          default -> "{'body':'%s'}".formatted(message.content().orElseThrow());
        };
    boolean isAnswer = message.target().isPresent() && !message.isFoldable();
    String context =
        isAnswer ? "'context':{'id':'%s'},".formatted(message.target().orElseThrow()) : "";
    if (!message.inbound()) {
      String echo = of(message.id(), OWN, message.at(), message.kind(), content);
      String address = "{'to':'%s',".formatted(message.chat()) + context;
      return () ->
          receive(
              body("smb_message_echoes", "'message_echoes':[%s]".formatted(address + rest(echo))));
    }
    Member person = message.by().orElseGet(() -> PEOPLE.get(CHATS.indexOf(message.chat())));
    String group = message.by().isPresent() ? "'group_id':'%s',".formatted(GROUP) : "";
    String one = of(message.id(), person.phone(), message.at(), message.kind(), content);
    return () ->
        tell(
            "'contacts':[{'profile':{'name':'%s'},'wa_id':'%s','user_id':'%s'}],'messages':[%s]"
                .formatted(
                    person.name(),
                    person.phone(),
                    person.userId(),
                    "{" + group + context + rest(one)));
  }

  private static String rest(String object) {
    return object.substring(1);
  }

  private Runnable tell(Told status) {
    oracle.tell(status);
    String recipient =
        status
            .recipient()
            .map(
                member ->
                    "'recipient_id':'%s','recipient_type':'group','recipient_participant_id':'%s','recipient_participant_user_id':'%s'"
                        .formatted(GROUP, member.phone(), member.userId()))
            .orElse("'recipient_id':'%s'".formatted(ADA));
    return () ->
        tell(
            "'statuses':[{'id':'%s','status':'%s','timestamp':'%d',%s}]"
                .formatted(status.id(), status.state(), status.at(), recipient));
  }

  private static Optional<String> emoji(Random random) {
    return random.nextInt(3) == 0 ? none() : of(List.of("👍", "❤️", "😀").get(random.nextInt(3)));
  }

  private static Optional<Member> by(int person) {
    return Optional.of(PEOPLE.get(person));
  }

  private static <T> Optional<T> none() {
    return Optional.empty();
  }

  private static Optional<String> of(String text) {
    return Optional.of(text);
  }
}
