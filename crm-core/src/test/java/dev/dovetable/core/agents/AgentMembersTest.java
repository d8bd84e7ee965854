package dev.dovetable.core.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.ActorScope;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.AgentAccess.As;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.RefusedException.Reason;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Colleagues at one agent. */
class AgentMembersTest extends DatabaseTest {
  private Agent agent;
  private UUID ownerId;
  private ActorScope owner;
  private User colleague;
  private ActorScope asColleague;

  @BeforeEach
  void hire() {
    agent = newAgent();
    ownerId = agent.userId().orElseThrow();
    owner = crm.as(Actor.user(ownerId));
    colleague = newUser(UserRole.AGENT);
    asColleague = crm.as(Actor.user(colleague.id()));
  }

  private AgentMembers members(ActorScope scope) {
    return scope.agents().members(agent.prefix());
  }

  @Test
  void aColleagueWorksWithTheAgentUntilTheyAreRemoved() {
    TenantScope shop = asColleague.tenant(agent.prefix());
    assertThatThrownBy(() -> shop.customers().create(new NewCustomer("Ada", "1")))
        .isInstanceOf(AccessDeniedException.class);

    assertThat(members(owner).add(colleague.id())).isTrue();
    assertThat(members(owner).add(colleague.id())).isFalse();
    assertThat(members(owner).add(ownerId)).isFalse();

    shop.customers().create(new NewCustomer("Ada", "1"));
    assertThat(members(asColleague).list())
        .singleElement()
        .satisfies(
            member -> {
              assertThat(member.userId()).isEqualTo(colleague.id());
              assertThat(member.name()).isEqualTo(colleague.name());
              assertThat(member.email()).isEqualTo(colleague.email());
              assertThat(member.addedBy()).contains(ownerId);
              assertThat(member.addedAt()).isAfterOrEqualTo(agent.createdAt());
            });
    assertThat(asColleague.agents().of(colleague.id()))
        .containsExactly(new AgentAccess(agent.id(), agent.prefix(), As.MEMBER));
    assertThat(owner.agents().of(ownerId))
        .containsExactly(new AgentAccess(agent.id(), agent.prefix(), As.OWNER));

    assertThat(members(owner).remove(colleague.id())).isTrue();
    assertThat(members(owner).remove(colleague.id())).isFalse();
    assertThat(shop.customers().count()).isZero();
    assertThat(members(owner).list()).isEmpty();
    assertThat(asColleague.agents().of(colleague.id())).isEmpty();
  }

  @Test
  void aMemberLeavesAndManagesNobody() {
    User other = newUser(UserRole.AGENT);
    assertThat(members(crm.asService()).add(colleague.id())).isTrue();
    assertThat(members(crm.asService()).add(other.id())).isTrue();
    assertThat(members(crm.asService()).list())
        .extracting(AgentMember::addedBy)
        .containsOnly(Optional.empty());
    assertThatThrownBy(() -> members(asColleague).add(newUser(UserRole.AGENT).id()))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> members(asColleague).remove(other.id()))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> asColleague.agents().of(other.id()))
        .isInstanceOf(AccessDeniedException.class)
        // The role may call it: it is about who the user is.
        .hasMessageContaining("Act as the agent's own user or as an admin");

    assertThat(members(asColleague).remove(colleague.id())).isTrue();

    assertThatThrownBy(() -> members(asColleague).list()).isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void fourAgentsHaveOneMember() {
    for (int i = 0; i < 3; i++) {
      crm.asService().agents().members(newAgent().prefix()).add(colleague.id());
    }
    members(owner).add(colleague.id());
    assertThat(asColleague.agents().of(colleague.id()))
        .hasSize(4)
        .extracting(AgentAccess::as)
        .containsOnly(As.MEMBER);
  }

  @Test
  void whatIsNotThereIsTold() {
    UUID nobody = UUID.randomUUID();
    Thrown.refused(Reason.UNKNOWN_USER, () -> members(owner).add(nobody));
    Thrown.refused(Reason.PREFIX_MALFORMED, () -> owner.agents().members("No"));
    AgentMembers gone = owner.agents().members("gone_agent");
    assertThatThrownBy(gone::list).isInstanceOf(UnknownAgentException.class);
    assertThatThrownBy(() -> gone.add(nobody)).isInstanceOf(UnknownAgentException.class);
    assertThatThrownBy(() -> gone.remove(nobody)).isInstanceOf(UnknownAgentException.class);
  }
}
