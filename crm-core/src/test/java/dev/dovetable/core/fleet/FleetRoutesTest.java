package dev.dovetable.core.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.CrmFleet;
import dev.dovetable.core.FleetDatabase;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.testkit.server.wire.CustomDataSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where statements go. */
class FleetRoutesTest extends FleetBase {

  @AfterEach
  void up() {
    one.isDown = false;
    two.isDown = false;
  }

  @Test
  void eachAgentIsInItsOwnDatabase() {
    Agent first = newAgent(one);
    Agent second = newAgent(two);
    for (Agent agent : List.of(first, second)) {
      Actor user = Actor.user(agent.userId().orElseThrow());
      fleet.as(user).tenant(agent.prefix()).customers().create(new NewCustomer("Own", "1"));
      fleet.asService().tenant(agent.prefix()).customers().create(new NewCustomer("Service", "2"));
      fleet.asAgent(agent.prefix()).customers().create(new NewCustomer("Agent", "3"));
      assertThat(names(fleet.asAgent(agent.prefix()).readOnly()))
          .containsExactlyInAnyOrder("Own", "Service", "Agent");
    }
    assertThat(one.count("select count(*) from crm." + first.prefix() + "_customers")).isEqualTo(3);
    assertThat(two.count("select count(*) from crm." + second.prefix() + "_customers"))
        .isEqualTo(3);
    assertThat(one.crm.asService().agents().findByPrefix(second.prefix())).isEmpty();
  }

  @Test
  void aUserFindsNothingOfSomebodyElsesAgent() {
    Agent agent = newAgent(two);
    fleet.asAgent(agent.prefix()).customers().create(new NewCustomer("Ada", "1"));

    assertThat(names(fleet.as(Actor.user(one.newUser())).tenant(agent.prefix()))).isEmpty();
    assertThat(names(fleet.as(Actor.user(two.newUser())).tenant(agent.prefix()))).isEmpty();
  }

  @Test
  void anAgentThatIsNowhereIsUnknown() {
    assertThatThrownBy(() -> names(fleet.asService().tenant("nobody")))
        .isInstanceOf(UnknownAgentException.class)
        .hasMessageContaining("nobody");
    assertThatThrownBy(() -> fleet.asService().tenant("No body"))
        .isInstanceOf(RefusedException.class);
  }

  @Test
  void aDatabaseThatIsDownFailsItsOwnAgentsAlone() {
    Agent up = newAgent(one);
    Agent down = newAgent(two);
    names(fleet.asAgent(down.prefix()));
    two.isDown = true;
    two.taken.set(0);

    assertThatThrownBy(() -> names(fleet.asAgent(down.prefix())))
        .isInstanceOfSatisfying(
            DatabaseException.class,
            e -> assertThat(e.kind()).isEqualTo(DatabaseException.Kind.UNREACHABLE))
        .hasMessageContaining("Database two")
        .hasMessageContaining(down.prefix());
    assertThat(two.taken.getAndSet(0)).as("tried once").isEqualTo(1);
    fleet.asAgent(up.prefix()).customers().create(new NewCustomer("Ada", "1"));
    assertThat(names(fleet.asAgent(up.prefix()))).containsExactly("Ada");
    assertThat(two.taken.get()).as("nobody else asks it").isZero();
  }

  @Test
  void withoutItsDirectoryAFleetGoesOnWithWhomItHasMet() {
    Agent met = newAgent(two);
    Agent other = newAgent(two);
    CrmFleet fresh = newFleet();
    names(fresh.asAgent(met.prefix()));
    one.isDown = true;

    assertThat(names(fresh.asAgent(met.prefix()))).isEmpty();
    assertThatThrownBy(() -> names(fresh.asAgent(other.prefix())))
        .isInstanceOf(DatabaseException.class);
    one.isDown = false;
    assertThat(names(fresh.asAgent(other.prefix()))).isEmpty();
  }

  @Test
  void agentsAreBoundToPoolsOfOneDatabase() {
    AtomicInteger[] taken = {new AtomicInteger(), new AtomicInteger(), new AtomicInteger()};
    CrmFleet bound =
        CrmFleet.builder()
            .database(
                FleetDatabase.of("one", counting(taken[0]), counting(taken[1]), counting(taken[2])))
            .each(crm -> crm.schema(Installed.SCHEMA))
            .build();
    int used = 0;
    for (int i = 0; i < 12; i++) {
      Agent agent = newAgent(one);
      bound.directory().find(agent.prefix());
      names(bound.asAgent(agent.prefix()));
      Stream.of(taken).forEach(each -> each.set(0));
      for (int n = 0; n < 5; n++) {
        names(bound.asAgent(agent.prefix()));
      }
      assertThat(Stream.of(taken).map(AtomicInteger::get)).containsOnlyOnce(5).containsOnly(5, 0);
      used |= taken[0].get() > 0 ? 1 : taken[1].get() > 0 ? 2 : 4;
    }
    assertThat(used).as("each pool has some").isEqualTo(7);
  }

  private static DataSource counting(AtomicInteger taken) {
    return new CustomDataSource(
        () -> {
          taken.incrementAndGet();
          return one.pool.getConnection();
        });
  }

  @Test
  void anUnknownDatabaseIsNamed() {
    String prefix = newPrefix();
    fleet.directory().add(AgentPlace.now(prefix, "three", true));

    assertThatThrownBy(() -> names(fleet.asAgent(prefix)))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(RefusedException.Reason.UNKNOWN_DATABASE))
        .hasMessageContaining("three");
    assertThatThrownBy(() -> fleet.database("three")).isInstanceOf(RefusedException.class);
  }
}
