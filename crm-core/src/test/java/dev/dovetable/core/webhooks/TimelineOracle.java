package dev.dovetable.core.webhooks;

import dev.dovetable.core.deliveries.Delivery;
import dev.dovetable.core.deliveries.DeliveryState;
import dev.dovetable.core.deliveries.MessageDetails;
import dev.dovetable.core.deliveries.TimelineMessage;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.MessageDirection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a screen shows of a conversation, out of all that was told, in whatever order it came. */
final class TimelineOracle {
  static final Set<String> FOLDED = Set.of("reaction", "edit", "revoke");
  private static final List<String> STATES =
      List.of("sent", "delivered", "read", "played", "failed");

  /** Somebody in a group. */
  record Member(String phone, String userId, String name) {}

  /**
   * A message. No two have the same time.
   *
   * @param chat the customer's number, or the group's id
   * @param kind empty if no webhook brought it
   * @param target what it answers, reacts to, edits or revokes
   * @param content the text, the emoji
   */
  record Said(
      String id,
      String chat,
      Optional<Member> by,
      boolean inbound,
      int at,
      String kind,
      Optional<String> target,
      Optional<String> content) {
    boolean isFoldable() {
      return FOLDED.contains(kind);
    }

    /** As the row of the message has it. */
    String text() {
      return switch (kind) {
        case "image" -> "[image] " + content.orElseThrow();
        case "reaction" -> content.map("[reaction] "::concat).orElse("[reaction withdrawn]");
        case "edit" -> "[edited] " + content.orElseThrow();
        case "revoke" -> "[message deleted]";
        default -> content.orElseThrow();
      };
    }
  }

  /** A status. */
  record Told(String id, String state, Optional<Member> recipient, int at) {}

  private final Map<String, Said> said = new HashMap<>();
  private final List<Told> told = new ArrayList<>();

  void say(Said message) {
    said.put(message.id(), message);
  }

  void tell(Told status) {
    told.add(status);
  }

  void forget(String id) {
    said.remove(id);
  }

  Collection<Said> all() {
    return said.values();
  }

  /** The lines of a conversation, newest first. */
  List<String> timeline(String chat) {
    return said.values().stream()
        .filter(message -> message.chat().equals(chat))
        .filter(message -> !isFolded(message))
        .sorted(Comparator.comparing(Said::at).reversed())
        .map(this::line)
        .toList();
  }

  private boolean isFolded(Said message) {
    Optional<Said> target = message.target().map(said::get);
    return message.isFoldable()
        && target.isPresent()
        && !target.get().isFoldable()
        && changes(message, target.get());
  }

  /** Whether it is somebody's who may. */
  private static boolean changes(Said message, Said target) {
    return message.chat().equals(target.chat())
        && (message.kind().equals("reaction") || message.inbound() == target.inbound());
  }

  private List<Said> concerning(Said target, String kind) {
    return said.values().stream()
        .filter(message -> message.kind().equals(kind))
        .filter(message -> message.target().equals(Optional.of(target.id())))
        .filter(message -> changes(message, target))
        .sorted(Comparator.comparing(Said::at))
        .toList();
  }

  private String line(Said message) {
    List<Said> edits = concerning(message, "edit");
    Map<String, Said> reactions = new LinkedHashMap<>();
    for (Said reaction : concerning(message, "reaction")) {
      reactions.remove(who(reaction));
      reactions.put(who(reaction), reaction);
    }
    return Line.of(
        message.id(),
        message.kind(),
        message.text(),
        edits.isEmpty()
            ? ""
            : edits.get(edits.size() - 1).content().orElseThrow()
                + "@"
                + edits.get(edits.size() - 1).at(),
        concerning(message, "revoke").stream().findFirst().map(revoke -> "" + revoke.at()),
        reactions.values().stream()
            .filter(reaction -> reaction.content().isPresent())
            .map(reaction -> who(reaction) + reaction.content().get() + "@" + reaction.at())
            .collect(Collectors.joining(",")),
        states(message.id(), told),
        members(message.id()),
        message.isFoldable() ? Optional.empty() : message.target().map(said::get).map(Said::text),
        message.by().map(Object::toString));
  }

  private static String who(Said message) {
    return (message.inbound() ? "<" : ">") + message.by().map(Member::userId).orElse("");
  }

  private String members(String id) {
    return told.stream()
        .filter(status -> status.id().equals(id))
        .flatMap(status -> status.recipient().stream())
        .distinct()
        .sorted(Comparator.comparing(Member::userId))
        .map(
            member ->
                member.userId()
                    + states(
                        id,
                        told.stream()
                            .filter(status -> status.recipient().equals(Optional.of(member)))
                            .toList()))
        .collect(Collectors.joining(","));
  }

  private static String states(String id, List<Told> among) {
    Map<Integer, String> first = new TreeMap<>();
    for (String state : STATES) {
      among.stream()
          .filter(status -> status.id().equals(id) && status.state().equals(state))
          .mapToInt(Told::at)
          .min()
          .ifPresent(at -> first.put(STATES.indexOf(state), state + "@" + at));
    }
    return String.join(" ", first.values());
  }

  /** What a screen shows of a message, as a line, to be compared. Times are seconds. */
  static final class Line {
    private Line() {}

    static String of(TimelineMessage message) {
      Delivery delivery = message.delivery().orElseThrow();
      return of(
          delivery.providerId(),
          message.details().map(MessageDetails::kind).orElse(""),
          message.message().text(),
          delivery.edit().map(edit -> edit.text() + "@" + edit.at().getEpochSecond()).orElse(""),
          delivery.revokedAt().map(at -> "" + at.getEpochSecond()),
          delivery.reactions().stream().map(Line::reaction).collect(Collectors.joining(",")),
          states(delivery.times()),
          delivery.members().stream()
              .sorted(Comparator.comparing(member -> member.userId().orElseThrow()))
              .map(member -> member.userId().orElseThrow() + states(member.times()))
              .collect(Collectors.joining(",")),
          message.quoted().map(Message::text),
          message
              .details()
              .flatMap(MessageDetails::participant)
              .map(
                  by ->
                      new TimelineOracle.Member(
                              by.phone().orElse(""), by.userId().orElse(""), by.name().orElse(""))
                          .toString()));
    }

    static String of(
        String id,
        String kind,
        String text,
        String edit,
        Optional<String> revoked,
        String reactions,
        String states,
        String members,
        Optional<String> quoted,
        Optional<String> by) {
      return "%s %s '%s' edit %s revoked %s reactions %s states %s members %s quoted %s by %s"
          .formatted(id, kind, text, edit, revoked, reactions, states, members, quoted, by);
    }

    private static String reaction(Delivery.Reaction reaction) {
      return (reaction.direction() == MessageDirection.INBOUND ? "<" : ">")
          + reaction.participant().flatMap(MessageDetails.Participant::userId).orElse("")
          + reaction.emoji()
          + "@"
          + reaction.at().getEpochSecond();
    }

    private static String states(Map<DeliveryState, Instant> times) {
      return new TreeMap<>(times)
          .entrySet().stream()
              .map(
                  each ->
                      each.getKey().name().toLowerCase(Locale.ROOT)
                          + "@"
                          + each.getValue().getEpochSecond())
              .collect(Collectors.joining(" "));
    }
  }
}
