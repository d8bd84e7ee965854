package dev.dovetable.core.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.inbox.ConversationChange.Kind;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be written by SQL, and under which rules. */
class InboxSqlTest extends InboxTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update {p}_conversations set unread = 0",
        "update {p}_conversations set last_message_id = 1",
        "update {p}_conversations set read_up_to_at = now()",
        "update {p}_conversations set set_up_to_at = now()",
        "update {p}_conversations set version = 7",
        "update {p}_conversations set changed_by = null",
        "insert into {p}_conversations (customer_id) values (1)",
        "delete from {p}_conversations",
        "update {p}_conversation_changes set changed_by = null",
        "insert into {p}_conversation_changes (customer_id, version, kind, changed_at) values (1, 1, 'closed', now())",
        "delete from {p}_conversation_changes",
        "insert into {p}_conversation_notes (customer_id, note, written_by) values (1, 'x', gen_random_uuid())",
        "update {p}_conversation_notes set note = 'y'",
        "insert into {p}_conversation_tags (customer_id, tag, added_by) values (1, 'x', gen_random_uuid())",
        "insert into {p}_conversation_marks (customer_id) values (1)",
        "update {p}_conversation_marks set customer_id = 1",
        "delete from {p}_conversation_marks",
      })
  void whatIsDerivedNobodyWrites(String statement) {
    for (TenantScope scope : List.of(shop, crm.asService().tenant(agent.prefix()))) {
      assertThatThrownBy(() -> scope.dsl().execute(sql(statement)))
          .isInstanceOf(AccessDeniedException.class);
    }
  }

  /** The service may: an archive holds all of an agent. */
  @Test
  void marksAreNotForWhoeverIsSignedIn() {
    String statement = sql("select * from {p}_conversation_marks");
    assertThatThrownBy(() -> shop.dsl().fetch(statement)).isInstanceOf(AccessDeniedException.class);
    assertThat(crm.asService().tenant(agent.prefix()).dsl().fetch(statement)).isEmpty();
  }

  @Test
  void takesWhatMaySetByUpdate() {
    int ada = newCustomer("Ada");
    int first = message(ada, "inbound", "2026-11-01 10:00:00");
    UUID owner = agent.userId().orElseThrow();
    assertThat(
            shop.dsl()
                .execute(
                    sql(
                        "update {p}_conversations set set_status = 'closed', assignee = ? where customer_id = ? and version = 0"),
                    owner,
                    ada))
        .isEqualTo(1);
    assertThat(state(ada).status()).isEqualTo(ConversationStatus.CLOSED);
    assertThat(state(ada).version()).isEqualTo(1);
    message(ada, "inbound", "2026-11-01 10:00:01");
    // A message that was seen before, named once more, isn't the last one.
    shop.dsl()
        .execute(
            sql("update {p}_conversations set set_status = 'closed', set_up_to_id = ?"), first);
    assertThat(state(ada).status()).isEqualTo(ConversationStatus.OPEN);
    shop.dsl().execute(sql("update {p}_conversations set set_status = 'closed'"));
    assertThat(state(ada).status()).isEqualTo(ConversationStatus.CLOSED);
    Thrown.refused(
        RefusedException.Reason.NOT_A_COLLEAGUE,
        () -> shop.dsl().execute(sql("update {p}_conversations set assignee = gen_random_uuid()")));
    Thrown.invalid(
        InvalidDataException.Kind.CHECK_VIOLATED,
        () -> shop.dsl().execute(sql("update {p}_conversations set set_status = 'snoozed'")));
    assertThat(shop.inbox().changes(ada, PageRequest.first(9)).items())
        .extracting(ConversationChange::kind)
        .containsExactly(Kind.CLOSED, Kind.CLOSED, Kind.ASSIGNED, Kind.CLOSED);
  }
}
