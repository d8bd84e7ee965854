package dev.dovetable.core.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.CrmFleet;
import dev.dovetable.core.FleetDatabase;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.agents.AgentAccess;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.fixture.Concurrently;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.schema.fleet.FleetReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Making, finding and deleting agents of several databases. */
class FleetAgentsTest extends FleetBase {

  @AfterEach
  void up() {
    two.isDown = false;
  }

  private static Agent create(Member member, String prefix) {
    return newAgent(member, prefix);
  }

  private static void assertTaken(Member member, String prefix) {
    assertThatThrownBy(() -> create(member, prefix))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(RefusedException.Reason.PREFIX_TAKEN))
        .hasMessageContaining(prefix);
  }

  private static AgentPlace reserved(String prefix, String database, Duration age) {
    AgentPlace place =
        new AgentPlace(prefix, database, UUID.randomUUID(), false, Instant.now().minus(age));
    assertThat(fleet.directory().add(place)).isTrue();
    return place;
  }

  @Test
  void anAgentIsMadeOnceAmongAllDatabases() {
    Agent agent = create(two, newPrefix());

    assertTaken(one, agent.prefix());
    assertTaken(two, agent.prefix());
    AgentPlace place = fleet.directory().find(agent.prefix()).orElseThrow();
    assertThat(place.database()).isEqualTo("two");
    assertThat(place.made()).isTrue();
    assertThat(fleet.asService().agents().findByPrefix(agent.prefix()))
        .map(Agent::id)
        .contains(agent.id());
    assertThat(one.crm.asService().agents().findByPrefix(agent.prefix())).isEmpty();
  }

  @Test
  void ofEightThatMakeOneAtTheSameTimeOneDoes() throws Exception {
    for (int round = 0; round < 5; round++) {
      String prefix = newPrefix();
      List<Boolean> made =
          Concurrently.run(
              8,
              thread -> {
                try {
                  create(thread % 2 == 0 ? one : two, prefix);
                  return true;
                } catch (RefusedException e) {
                  assertThat(e.reason()).isEqualTo(RefusedException.Reason.PREFIX_TAKEN);
                  return false;
                }
              });
      assertThat(made).containsOnlyOnce(true);
      String count = "select count(*) from crm.agents where agent_prefix = '" + prefix + "'";
      assertThat(one.count(count) + two.count(count)).isEqualTo(1);
    }
  }

  @Test
  void whatIsRefusedLeavesNoReservation() {
    String prefix = newPrefix();
    UUID stranger = UUID.randomUUID();
    assertThatThrownBy(() -> fleet.asService().agents().create("two", stranger, prefix, two.admin))
        .isInstanceOf(RefusedException.class);
    Actor user = Actor.user(two.newUser());
    assertThatThrownBy(
            () ->
                fleet
                    .as(user)
                    .agents()
                    .create("two", two.newUser(), prefix, ((Actor.User) user).id()))
        .isInstanceOf(AccessDeniedException.class);
    two.isDown = true;
    UUID somebody = UUID.randomUUID();
    assertThatThrownBy(() -> fleet.asService().agents().create("two", somebody, prefix, two.admin))
        .isInstanceOf(DatabaseException.class);
    two.isDown = false;

    assertThat(fleet.directory().find(prefix)).isEmpty();
    assertThat(create(one, prefix).prefix()).isEqualTo(prefix);
  }

  @Test
  void aReservationThatWasLeftIsTakenOver() {
    String young = newPrefix();
    reserved(young, "two", Duration.ofMinutes(1));
    assertTaken(one, young);

    String left = newPrefix();
    reserved(left, "two", Duration.ofMinutes(6));
    create(one, left);
    assertThat(fleet.directory().find(left)).map(AgentPlace::database).contains("one");

    // Ended between making the agent and saying so.
    String half = newPrefix();
    reserved(half, "two", Duration.ofMinutes(6));
    two.crm.asService().agents().create(two.newUser(), half, two.admin);
    assertTaken(one, half);
    assertThat(fleet.directory().find(half)).map(AgentPlace::made).contains(true);
    assertThat(one.crm.asService().agents().findByPrefix(half)).isEmpty();
  }

  @Test
  void whoIsTooSlowGivesWay() {
    String prefix = newPrefix();
    AgentDirectory slow =
        new AgentDirectory() {
          @Override
          public boolean add(AgentPlace place) {
            boolean added = fleet.directory().add(place);
            // Somebody else has found that too old, and made it elsewhere.
            fleet.directory().replace(place, AgentPlace.now(prefix, "two", true));
            return added;
          }

          @Override
          public Optional<AgentPlace> find(String one) {
            return fleet.directory().find(one);
          }

          @Override
          public boolean replace(AgentPlace present, AgentPlace next) {
            return fleet.directory().replace(present, next);
          }

          @Override
          public boolean remove(AgentPlace present) {
            return fleet.directory().remove(present);
          }

          @Override
          public List<AgentPlace> list(String after, int limit) {
            return fleet.directory().list(after, limit);
          }
        };
    CrmFleet slowFleet =
        CrmFleet.builder()
            .database(FleetDatabase.of("one", one.dataSource))
            .database(FleetDatabase.of("two", two.dataSource))
            .directory(slow)
            .each(crm -> crm.schema(Installed.SCHEMA))
            .build();

    assertThatThrownBy(
            () -> slowFleet.asService().agents().create("one", one.newUser(), prefix, one.admin))
        .isInstanceOf(RefusedException.class);
    assertThat(one.crm.asService().agents().findByPrefix(prefix)).isEmpty();
  }

  @Test
  void anAgentThatWasMadePastTheFleetIsListedWhenItIsInTheWay() {
    String prefix = newPrefix();
    two.crm.asService().agents().create(two.newUser(), prefix, two.admin);

    assertTaken(two, prefix);

    assertThat(fleet.directory().find(prefix)).map(AgentPlace::made).contains(true);
    assertThat(fleet.asAgent(prefix).agentId()).isPositive();
  }

  @Test
  void deletingFreesThePrefixForAnyDatabase() {
    Agent agent = create(two, newPrefix());
    assertThat(fleet.asService().agents().delete(agent.prefix())).isTrue();
    assertThat(fleet.asService().agents().delete(agent.prefix())).isFalse();
    assertThat(fleet.directory().find(agent.prefix())).isEmpty();
    create(one, agent.prefix());

    // Ended between deleting the agent and taking it out.
    Agent other = create(two, newPrefix());
    two.crm.asService().agents().delete(other.id());
    create(one, other.prefix());
    assertThat(fleet.directory().find(other.prefix())).map(AgentPlace::database).contains("one");
  }

  @Test
  void whoMayNotDeleteLeavesTheDirectoryAlone() {
    Agent agent = create(two, newPrefix());
    Actor stranger = Actor.user(two.newUser());

    assertThatThrownBy(() -> fleet.as(stranger).agents().delete(agent.prefix()))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(fleet.directory().find(agent.prefix())).isPresent();
  }

  @Test
  void aUsersAgentsAreFoundInAllDatabases() {
    UUID user = one.newUser();
    two.addUser(user, UserRole.AGENT);
    Agent own = fleet.asService().agents().create("one", user, newPrefix(), one.admin);
    Agent colleagues = create(two, newPrefix());
    two.crm.asService().agents().members(colleagues.prefix()).add(user);

    FleetReport<List<AgentAccess>> found = fleet.as(Actor.user(user)).agents().of(user);
    assertThat(found.done().get("one"))
        .extracting(AgentAccess::prefix)
        .containsExactly(own.prefix());
    assertThat(found.done().get("two"))
        .extracting(AgentAccess::prefix)
        .containsExactly(colleagues.prefix());

    two.isDown = true;
    FleetReport<List<AgentAccess>> half = fleet.as(Actor.user(user)).agents().of(user);
    assertThat(half.done()).containsOnlyKeys("one");
    assertThat(half.failed()).containsOnlyKeys("two");
    assertThatThrownBy(half::orThrow).isInstanceOf(DatabaseException.class);
  }
}
