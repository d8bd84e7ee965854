package dev.dovetable.core.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.users.UserRole;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who stops working with an agent has none of its conversations any more. */
class FormerColleaguesTest extends InboxTest {
  private int ada;
  private int leo;
  private UUID bo;

  @BeforeEach
  void assign() {
    ada = newCustomer("Ada");
    leo = newCustomer("Leo");
    bo = newUser(UserRole.AGENT).id();
    crm.asService().agents().members(agent.prefix()).add(bo);
    shop.inbox().assign(ada, bo, 0);
    shop.inbox().assign(leo, agent.userId().orElseThrow(), 0);
  }

  @Test
  void aMemberWhoIsRemoved() {
    UUID owner = agent.userId().orElseThrow();
    crm.as(Actor.user(owner)).agents().members(agent.prefix()).remove(bo);
    isUnassigned(ada, bo, Optional.of(owner));
    assertThat(state(leo).assignee()).contains(owner);
  }

  /**
   * Whoever is removed may have that locked: it is taken behind the lock, the rights ahead of it.
   */
  @Test
  void aMemberWhoseConversationIsLocked() throws SQLException {
    UUID owner = agent.userId().orElseThrow();
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(
          sql("update {p}_conversations set read_up_to_id = null where customer_id = " + ada));
      crm.as(Actor.user(owner)).agents().members(agent.prefix()).remove(bo);
      assertThatThrownBy(
              () -> crm.as(Actor.user(bo)).tenant(agent.prefix()).inbox().unassign(leo, 1))
          .isInstanceOf(NotFoundException.class);
      connection.commit();
    }
    isUnassigned(ada, bo, Optional.empty());
    assertThat(differences()).isEmpty();
  }

  @Test
  void aMemberWhoLeaves() {
    crm.as(Actor.user(bo)).agents().members(agent.prefix()).remove(bo);
    isUnassigned(ada, bo, Optional.of(bo));
  }

  @Test
  void aUserWhoIsDeleted() {
    crm.asService().users().delete(bo);
    isUnassigned(ada, bo, Optional.empty());
  }

  @Test
  void anOwnerWhoHandsTheAgentToAMember() {
    UUID owner = agent.userId().orElseThrow();
    crm.as(Actor.user(admin.id())).agents().assign(agent.id(), bo);
    assertThat(crm.asAgent(agent.prefix()).inbox().find(ada).orElseThrow().assignee()).contains(bo);
    isUnassigned(leo, owner, Optional.of(admin.id()));
  }

  @Test
  void anAgentIsDeletedWithItsMembers() {
    assertThat(crm.asService().agents().delete(agent.id())).isTrue();
    assertThat(crm.asService().users().find(bo)).isPresent();
  }

  private void isUnassigned(int customer, UUID previous, Optional<UUID> by) {
    ConversationState state = state(customer);
    assertThat(state.assignee()).isEmpty();
    assertThat(state.version()).isEqualTo(2);
    assertThat(shop.inbox().changes(customer, PageRequest.first(1)).items())
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.kind()).isEqualTo(ConversationChange.Kind.UNASSIGNED);
              assertThat(change.previousAssignee()).contains(previous);
              assertThat(change.by()).isEqualTo(by);
            });
  }
}
