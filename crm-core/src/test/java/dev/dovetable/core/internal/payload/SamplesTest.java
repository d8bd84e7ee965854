package dev.dovetable.core.internal.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.dovetable.core.internal.payload.Samples.Sample;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SamplesTest {

  private final WebhookReader reader = new WebhookReader(3 << 20);

  @Test
  void everySampleReadsAsExpected() throws Exception {
    List<String> lines = new ArrayList<>();
    for (Sample sample : Samples.own()) {
      describe(sample, lines);
    }
    assertThat(lines).containsExactlyElementsOf(Samples.expected());
  }

  @Test
  void whatIsBehindAMessageIsThere() throws Exception {
    assertThat(message("voice").media())
        .contains(
            new Media(
                Optional.of("1304590110000405"),
                Optional.of("audio/ogg; codecs=opus"),
                Optional.empty(),
                Optional.empty(),
                Optional.of("xX1+kgGXCLYUyQ+jaFzWRPVDpgFT+5nsm2fDgaJF+yo=")));
    Media document = message("document-with-caption").media().orElseThrow();
    assertThat(document.fileName()).contains("receipt.pdf");
    assertThat(document.caption()).contains("Paid today");
    assertThat(message("location").coordinates())
        .contains(new Coordinates(new BigDecimal("41.87811360"), new BigDecimal("-87.629798")));
    String text = message("text").providerId();
    assertThat(message("edit").concerns()).contains(text);
    assertThat(message("revoke").concerns()).contains(text);
    assertThat(message("edit-of-caption").media().orElseThrow().caption())
        .contains("Like this one, but red");
    assertThat(message("reaction").concerns()).isEqualTo(message("text-reply").repliesTo());
    assertThat(message("system-changed-number").numberChange())
        .contains(
            new NumberChange(Optional.of("13125550143"), Optional.of("US.55029384756610293847")));
    assertThat(message("system-changed-user-id").numberChange())
        .contains(new NumberChange(Optional.empty(), Optional.of("NL.90017263544536271809")));
    assertThat(message("system-changed-identity").numberChange()).isEmpty();
    assertThat(message("kind-of-tomorrow").payload()).contains("\"facets\":[{\"depth\":3.5}]");
    assertThat(message("text-from-ad").payload()).contains("\"ctwa_clid\":\"AfhYq0Z2tq7\"");
  }

  @Test
  void everythingIsKeptOneWayOrTheOther() throws Exception {
    for (Sample sample : all()) {
      for (WebhookChange change : reader.read(sample.body()).changes()) {
        assertThat(
                change.complete()
                    && change.messages().isEmpty()
                    && change.statuses().isEmpty()
                    && change.news().isEmpty()
                    && change.preferences().isEmpty())
            .as(sample.name())
            .isFalse();
      }
    }
  }

  @Test
  void everyRecordedMessageAndStatusIsRead() throws Exception {
    List<Sample> recorded = Samples.recorded();
    assumeFalse(recorded.isEmpty(), "no recorded bodies here");
    List<String> lines = new ArrayList<>();
    for (Sample sample : recorded) {
      describe(sample, lines);
    }
    Map<String, Long> byDirection =
        lines.stream()
            .collect(Collectors.groupingBy(line -> line.split(" \\| ")[1], Collectors.counting()));

    // Notices about the account, and what follows the broken body of a status.
    assertThat(byDirection).isEqualTo(Map.of("in", 12L, "status", 5L, "news", 8L, "raw", 1L));
    assertThat(lines)
        .contains(
            "textMessage | in | text | 1111111111111 - Mauricio Binda | hi everyone!",
            "audioMessage | in | voice | 1111111111111 - Mauricio Binda | [voice message]",
            "textMessageStatusRead | status | READ | 1111111111111 -",
            "textMessageStatusRead | raw |  | -");
  }

  private static List<Sample> all() {
    return Stream.concat(Samples.own().stream(), Samples.recorded().stream()).toList();
  }

  private InboundMessage message(String name) throws UnreadableBodyException {
    Sample sample =
        Samples.own().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    return reader.read(sample.body()).changes().get(0).messages().get(0);
  }

  private void describe(Sample sample, List<String> lines) throws UnreadableBodyException {
    for (WebhookChange change : reader.read(sample.body()).changes()) {
      for (InboundMessage message : change.messages()) {
        lines.add(
            String.join(
                " | ",
                sample.name(),
                message.echo() ? "out" : "in",
                message.kind(),
                message
                    .sender()
                    .groupId()
                    .orElseGet(
                        () ->
                            ids(message.sender().phone(), message.sender().userId())
                                + message.sender().name().map(name -> " " + name).orElse("")),
                message.text().replace("\n", "⏎")));
      }
      for (MessageStatus status : change.statuses()) {
        lines.add(
            String.join(
                " | ",
                sample.name(),
                "status",
                status.state().name(),
                ids(
                    status.recipient().flatMap(Sender::phone),
                    status.recipient().flatMap(Sender::userId))));
      }
      for (Preference told : change.preferences()) {
        lines.add(
            String.join(
                " | ",
                sample.name(),
                told.category(),
                told.value(),
                ids(told.person().phone(), told.person().userId())));
      }
      for (NewsPiece piece : change.news()) {
        lines.add(
            String.join(
                " | ", sample.name(), "news", change.field(), piece.payload().substring(0, 20)));
      }
      if (!change.complete()) {
        lines.add(
            String.join(
                " | ", sample.name(), "raw", change.field(), change.phoneNumberId().orElse("-")));
      }
    }
  }

  private static String ids(Optional<String> phone, Optional<String> userId) {
    return phone.orElse("-") + " " + userId.orElse("-");
  }
}
