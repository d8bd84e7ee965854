package dev.dovetable.core.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.fixture.Thrown;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Marks at answers, whose clock isn't the customer's, and marks that would move back. */
class SeenUpToTest extends InboxTest {
  private int ada;

  @BeforeEach
  void greet() {
    ada = newCustomer("Ada");
    message(ada, "inbound", "2026-11-01 10:00:00");
  }

  /**
   * The server's clock is some of a second, or some seconds, ahead of WhatsApp's, or once was mad.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {"2026-11-01 10:00:54.988648", "2026-11-01 10:01:04", "2027-11-01", "infinity"})
  void whatComesAfterAnAnswerIsSeenByNobody(String time) throws SQLException {
    int answer = message(ada, "outbound", time);
    shop.inbox().markRead(ada, answer);
    assertThat(shop.inbox().close(ada, answer, 0).status()).isEqualTo(ConversationStatus.CLOSED);
    assertThat(state(ada).unread()).isZero();

    message(ada, "inbound", "2026-11-01 09:00:00"); // of a chat of the past
    assertThat(state(ada).status()).isEqualTo(ConversationStatus.CLOSED);
    assertThat(state(ada).unread()).isZero();

    int second = message(ada, "inbound", "2026-11-01 10:00:54");
    assertThat(state(ada).status()).isEqualTo(ConversationStatus.OPEN);
    assertThat(state(ada).unread()).isEqualTo(1);
    if (time.contains("10:00:54")) {
      assertThat(state(ada).waitingSince()).isPresent();
    }
    assertThat(differences()).isEmpty();

    // Whoever names the last one of all has seen all.
    int last = state(ada).lastMessage().orElseThrow();
    assertThat(shop.inbox().markRead(ada, last).unread()).isZero();
    assertThat(shop.inbox().close(ada, last, 1).status()).isEqualTo(ConversationStatus.CLOSED);
    shop.messages().delete(answer);
    message(ada, "inbound", "2026-11-01 10:02:00");
    assertThat(state(ada).unread()).isEqualTo(1);
    assertThat(state(ada).status()).isEqualTo(ConversationStatus.OPEN);
    assertThat(second).isPositive();
  }

  @Test
  void anAnswerThatIsNotTheLastStandsForWhatWasStoredBeforeIt() {
    int answer = message(ada, "outbound", "2026-11-01 10:00:54.9");
    int crossed = message(ada, "inbound", "2026-11-01 10:00:53");
    message(ada, "inbound", "2026-11-01 10:00:56");
    assertThat(shop.inbox().markRead(ada, answer).unread()).isEqualTo(2);
    assertThat(shop.inbox().markRead(ada, crossed).unread()).isEqualTo(1);

    // An import may store the newest first.
    int bo = newCustomer("Bo");
    message(bo, "inbound", "2026-11-01 12:00:00");
    int late = message(bo, "outbound", "2026-11-01 11:00:00");
    message(bo, "inbound", "2026-11-01 10:00:00");
    assertThat(shop.inbox().markRead(bo, late).unread()).isEqualTo(1);
  }

  /** Nothing of the customer's is there whose clock would be told. */
  @Test
  void anAnswerToNothingStandsForTheMinuteBeforeIt() {
    int bo = newCustomer("Bo");
    int offer = message(bo, "outbound", "2026-11-01 10:00:54.9");
    shop.inbox().markRead(bo, offer);
    shop.inbox().close(bo, offer, 0);
    message(bo, "inbound", "2026-11-01 09:00:00");
    assertThat(state(bo).status()).isEqualTo(ConversationStatus.CLOSED);
    message(bo, "inbound", "2026-11-01 10:00:53");
    assertThat(state(bo).status()).isEqualTo(ConversationStatus.OPEN);
    assertThat(state(bo).unread()).isEqualTo(1);
  }

  @Test
  void closingUpToAnEarlierMessageOpensNothing() {
    int second = message(ada, "inbound", "2026-11-01 10:00:01");
    int first = state(ada).lastMessage().orElseThrow() - 1;
    ConversationState closed = shop.inbox().close(ada, second, 0);
    ConversationState again = shop.inbox().close(ada, first, closed.version());
    assertThat(again.status()).isEqualTo(ConversationStatus.CLOSED);
    assertThat(again.version()).isEqualTo(1);
    for (String earlier : new String[] {"" + first, "null"}) {
      shop.dsl().execute(sql("update {p}_conversations set set_up_to_id = " + earlier));
      assertThat(state(ada)).isEqualTo(closed);
    }
    assertThat(shop.inbox().changes(ada, PageRequest.first(9)).items()).hasSize(1);
  }

  @Test
  void namesAMessageWithATime() {
    int timeless =
        shop.dsl()
            .fetchSingle(
                sql(
                    "insert into {p}_messages (customer_id, message, direction, timestamp)"
                        + " values (?, 'x', 'inbound', null) returning id"),
                ada)
            .get(0, Integer.class);
    assertThatThrownBy(() -> shop.inbox().close(ada, timeless, 0))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> shop.inbox().markRead(ada, timeless))
        .isInstanceOf(NotFoundException.class);
    Thrown.invalid(
        InvalidDataException.Kind.CHECK_VIOLATED,
        () -> shop.dsl().execute(sql("update {p}_conversations set set_status = 'OPEN'")));
  }
}
