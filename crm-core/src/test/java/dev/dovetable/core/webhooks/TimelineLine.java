package dev.dovetable.core.webhooks;

import dev.dovetable.core.deliveries.Delivery;
import dev.dovetable.core.deliveries.DeliveryState;
import dev.dovetable.core.deliveries.MessageDetails;
import dev.dovetable.core.deliveries.TimelineMessage;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.MessageDirection;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a screen shows of a message, as a line, to be compared. Times are seconds. */
final class TimelineLine {
  private TimelineLine() {}

  static String of(TimelineMessage message) {
    Delivery delivery = message.delivery().orElseThrow();
    return of(
        delivery.providerId(),
        message.details().map(MessageDetails::kind).orElse(""),
        message.message().text(),
        delivery.edit().map(edit -> edit.text() + "@" + edit.at().getEpochSecond()).orElse(""),
        delivery.revokedAt().map(at -> "" + at.getEpochSecond()),
        delivery.reactions().stream().map(TimelineLine::reaction).collect(Collectors.joining(",")),
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
