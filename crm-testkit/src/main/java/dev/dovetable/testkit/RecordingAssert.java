package dev.dovetable.testkit;

import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;

/** Assertions about what an application has sent. Belongs to one thread. */
public final class RecordingAssert extends AbstractAssert<RecordingAssert, Recording> {

  RecordingAssert(Recording actual) {
    super(actual, RecordingAssert.class);
  }

  /**
   * The application waited for the server at most so often.
   *
   * @param most the bound
   * @return this assertion
   */
  public RecordingAssert hasAtMostRoundTrips(int most) {
    isNotNull();
    int found = actual.roundTrips();
    if (found > most) {
      failWithMessage("Expected at most %d round trips, but there were %d:%s", most, found, sent());
    }
    return this;
  }

  /**
   * The application waited for the server exactly so often.
   *
   * @param expected the number
   * @return this assertion
   */
  public RecordingAssert hasRoundTrips(int expected) {
    isNotNull();
    int found = actual.roundTrips();
    if (found != expected) {
      failWithMessage("Expected %d round trips, but there were %d:%s", expected, found, sent());
    }
    return this;
  }

  /**
   * No statement's text holds a fragment, such as the prefix of another agent.
   *
   * @param fragment a part of a statement's text; case matters
   * @return this assertion
   */
  public RecordingAssert hasNoStatementWith(String fragment) {
    isNotNull();
    List<String> found =
        actual.statements().stream().filter(sql -> sql.contains(fragment)).toList();
    if (!found.isEmpty()) {
      failWithMessage("Expected no statement with '%s', but there were:%s", fragment, list(found));
    }
    return this;
  }

  private String sent() {
    return list(actual.statements());
  }

  private static String list(List<String> statements) {
    return statements.isEmpty()
        ? " none"
        : statements.stream().collect(Collectors.joining("\n  ", "\n  ", ""));
  }
}
