package dev.dovetable.testkit;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.orders.Order;
import dev.dovetable.core.orders.OrderWithItems;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.Assertions;

/**
 * AssertJ's assertions and those for the CRM: {@code import static
 * dev.dovetable.testkit.CrmAssertions.assertThat} brings both.
 *
 * <p>Failures say who saw what: role, user's id, agent's prefix. They hold no message text and no
 * phone number but those that the test itself has passed in.
 *
 * <p>Thread-safe; one assertion belongs to one thread.
 */
public final class CrmAssertions extends Assertions {
  private CrmAssertions() {}

  /**
   * About a database and what is installed in it.
   *
   * @param actual the database
   * @return an assertion
   */
  public static CrmDatabaseAssert assertThat(CrmDatabase actual) {
    return new CrmDatabaseAssert(actual);
  }

  /**
   * About what an agent's scope can reach.
   *
   * @param actual the scope
   * @return an assertion
   */
  public static TenantScopeAssert assertThat(TenantScope actual) {
    return new TenantScopeAssert(actual);
  }

  /**
   * About an order.
   *
   * @param actual the order
   * @return an assertion
   */
  public static OrderAssert assertThat(Order actual) {
    return new OrderAssert(actual);
  }

  /**
   * About an order and its items.
   *
   * @param actual the order
   * @return an assertion
   */
  public static OrderWithItemsAssert assertThat(OrderWithItems actual) {
    return new OrderWithItemsAssert(actual);
  }

  /**
   * About messages, as {@code messages().timeline(…)} and its like give them.
   *
   * @param actual the messages
   * @return an assertion
   */
  public static TimelineAssert assertThat(Page<Message> actual) {
    return new TimelineAssert(actual);
  }

  /**
   * About messages in the order of a list, as {@code messages().latest(…)} gives them. Under a name
   * of its own, because lists have AssertJ's assertions.
   *
   * @param actual the messages
   * @return an assertion
   */
  public static TimelineAssert assertThatTimeline(List<Message> actual) {
    return new TimelineAssert(new Page<>(actual, Optional.empty()));
  }

  /**
   * About what an application has sent.
   *
   * @param actual the recording, open or closed
   * @return an assertion
   */
  public static RecordingAssert assertThat(Recording actual) {
    return new RecordingAssert(actual);
  }
}
