package dev.dovetable.testkit;

import dev.dovetable.core.common.Page;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.MessageDirection;
import dev.dovetable.testkit.internal.WithoutBodies;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/** Assertions about messages in their order. Belongs to one thread. */
public final class TimelineAssert extends AbstractAssert<TimelineAssert, Page<Message>> {
  private static final Comparator<Message> BY_TIME =
      Comparator.comparing(Message::timestamp).thenComparing(Message::id);

  TimelineAssert(Page<Message> actual) {
    super(actual, TimelineAssert.class);
    withRepresentation(new WithoutBodies());
  }

  /**
   * The number of messages on the page.
   *
   * @param expected the number
   * @return this assertion
   */
  public TimelineAssert hasSize(int expected) {
    int found = messages().size();
    if (found != expected) {
      failWithMessage("Expected %d messages, but there are %d: %s", expected, found, shown());
    }
    return this;
  }

  /**
   * Nothing follows this page.
   *
   * @return this assertion
   */
  public TimelineAssert isComplete() {
    isNotNull();
    if (actual.next().isPresent()) {
      failWithMessage("Expected all messages, but more follow these %d.", messages().size());
    }
    return this;
  }

  /**
   * Each message is newer than the one after it; of the same time, the one recorded later comes
   * first.
   *
   * @return this assertion
   */
  public TimelineAssert isNewestFirst() {
    return isInOrder("newest first", BY_TIME.reversed());
  }

  /**
   * Each message is older than the one after it; of the same time, the one recorded earlier comes
   * first.
   *
   * @return this assertion
   */
  public TimelineAssert isOldestFirst() {
    return isInOrder("oldest first", BY_TIME);
  }

  /**
   * Which way the messages went, in the page's order.
   *
   * @param expected one for each message
   * @return this assertion
   */
  public TimelineAssert hasDirections(MessageDirection... expected) {
    List<MessageDirection> found = messages().stream().map(Message::direction).toList();
    if (!found.equals(List.of(expected))) {
      failWithMessage("Expected the directions %s, but they are %s.", List.of(expected), found);
    }
    return this;
  }

  /**
   * The contents of the messages, in the page's order. Of other texts, the failure shows only how
   * long they are.
   *
   * @param expected one for each message
   * @return this assertion
   */
  public TimelineAssert hasTexts(String... expected) {
    List<String> wanted = List.of(expected);
    List<String> found = messages().stream().map(Message::text).toList();
    if (!found.equals(wanted)) {
      List<String> shown = new ArrayList<>();
      for (String text : found) {
        shown.add(
            wanted.contains(text)
                ? "'" + text + "'"
                : "another of " + text.length() + " characters");
      }
      failWithMessage("Expected the texts %s, but they are %s.", wanted, shown);
    }
    return this;
  }

  private TimelineAssert isInOrder(String name, Comparator<Message> order) {
    List<Message> found = messages();
    for (int i = 1; i < found.size(); i++) {
      if (order.compare(found.get(i - 1), found.get(i)) > 0) {
        failWithMessage(
            "Expected the messages %s, but the %d. and the %d. are not: %s",
            name, i, i + 1, shown());
      }
    }
    return this;
  }

  private List<Message> messages() {
    isNotNull();
    return actual.items();
  }

  private String shown() {
    return info.representation().toStringOf(messages());
  }
}
