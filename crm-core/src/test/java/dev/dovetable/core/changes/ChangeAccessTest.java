package dev.dovetable.core.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.schema.errors.CrmException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Who may go on reading, and whose consumers are whose. */
class ChangeAccessTest extends FeedTest {

  private static final class Screen implements ChangeListener {
    final List<Change> told = new CopyOnWriteArrayList<>();
    final AtomicReference<CrmException> end = new AtomicReference<>();

    @Override
    public void onChanges(List<Change> changes) {
      told.addAll(changes);
    }

    @Override
    public void onEnd(CrmException why) {
      end.set(why);
    }
  }

  private static TenantScope as(UUID user, Agent agent) {
    return crm.as(Actor.user(user)).tenant(agent.prefix());
  }

  private static UUID newMember(Agent agent) {
    UUID member = newUser(UserRole.AGENT).id();
    crm.asService().agents().members(agent.prefix()).add(member);
    return member;
  }

  @Test
  void endsWithTheAccess() {
    Agent agent = newAgent();
    UUID removed = newMember(agent);
    UUID deleted = newMember(agent);
    Screen dan = new Screen();
    Screen eve = new Screen();
    Screen owner = new Screen();
    ChangeSubscription dans = as(removed, agent).changes().listen(dan);
    ChangeSubscription eves = as(deleted, agent).changes().listen(eve);
    try (ChangeSubscription own = crm.asAgent(agent.prefix()).changes().listen(owner)) {
      crm.asService().agents().members(agent.prefix()).remove(removed);
      crm.asService().users().delete(deleted);

      await("both end", () -> dan.end.get() != null && eve.end.get() != null);
      assertThat(List.of(dan.end.get(), eve.end.get()))
          .allMatch(AccessDeniedException.class::isInstance);
      assertThat(List.of(dans, eves)).noneMatch(ChangeSubscription::isOpen);
      crm.asAgent(agent.prefix()).customers().create(new NewCustomer("Ada", "471"));
      await("the others go on", () -> owner.told.size() == 1);
      assertThat(own.isOpen()).isTrue();
      assertThat(dan.told).isEmpty();
    }
  }

  /** By SQL, it is as if there were none. */
  @Test
  void tellsNobodyWhoseAnAgentIs() {
    Agent foreign = newAgent();
    Agent own = newAgent();
    TenantScope stranger = as(own.userId().orElseThrow(), own);
    String foreignPlace = crm.asAgent(foreign.prefix()).changes().now().place();

    for (String question :
        List.of(
            "select crm_private.read_changes(?, null, 1)",
            "select crm_private.read_changes(?, '" + foreignPlace + "', 1)",
            "select crm_private.take_changes(?, 'x', 1)",
            "select crm_private.restart_consumer(?, 'x')",
            "select crm_private.remove_consumer(?, 'x')")) {
      String ofForeign = refusal(stranger, question, foreign.prefix());
      assertThat(ofForeign.replace(foreign.prefix(), "nobody"))
          .isEqualTo(refusal(stranger, question, "nobody"));
    }
    TenantScope foreigns = as(own.userId().orElseThrow(), foreign);
    assertThatThrownBy(() -> foreigns.changes().listen(changes -> {}))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> crm.asService().tenant("nobody").changes().now())
        .isInstanceOf(UnknownAgentException.class);
  }

  private static String refusal(TenantScope scope, String question, String prefix) {
    AtomicReference<String> message = new AtomicReference<>("");
    assertThatThrownBy(() -> scope.dsl().fetch(question, prefix))
        .isInstanceOf(AccessDeniedException.class)
        .satisfies(e -> message.set(e.getMessage() + e.getCause().getMessage()));
    return message.get();
  }

  /** Whoever has followed an agent does not follow its prefix to another one. */
  @Test
  void aCursorIsOfAnAgentNotOfItsPrefix() {
    String prefix = newAgent().prefix();
    CountDownLatch isMade = new CountDownLatch(1);
    CountDownLatch isThere = new CountDownLatch(1);
    Screen screen = new Screen();
    ChangeListener slow =
        new ChangeListener() {
          @Override
          public void onChanges(List<Change> changes) {
            screen.onChanges(changes);
            isThere.countDown();
            try {
              isMade.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          }

          @Override
          public void onEnd(CrmException why) {
            screen.onEnd(why);
          }
        };
    long first = crm.asAgent(prefix).agentId();
    ChangeCursor cursor = crm.asAgent(prefix).changes().now();
    ChangeSubscription subscription = crm.asAgent(prefix).changes().listen(slow);
    crm.asAgent(prefix).customers().create(new NewCustomer("Ada", "472"));
    await("it is busy", () -> isThere.getCount() == 0);
    crm.asService().agents().delete(first);
    Agent second = newAgent(prefix);
    crm.asAgent(prefix).customers().create(new NewCustomer("Bob", "473"));
    isMade.countDown();

    await("it ends", () -> screen.end.get() != null);
    assertThat(screen.told).extracting(Change::agentId).containsOnly(first);
    assertThat(subscription.isOpen()).isFalse();
    TenantScope service = crm.asService().tenant(prefix);
    assertThatThrownBy(() -> service.changes().read(cursor, 10))
        .isInstanceOf(UnknownAgentException.class);
    assertThatThrownBy(() -> crm.asAgent(prefix).changes().read(cursor, 10))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(second.id()).isNotEqualTo(first);
  }

  @Test
  void nobodyMovesTheConsumersOfOthers() {
    Agent agent = newAgent();
    UUID member = newMember(agent);
    List<TenantScope> all =
        List.of(
            crm.asService().tenant(agent.prefix()),
            crm.asAgent(agent.prefix()),
            as(member, agent),
            as(newMember(agent), agent),
            as(admin.id(), agent));
    all.forEach(scope -> scope.changes().consumer("mails").take(1));
    crm.asAgent(agent.prefix()).customers().create(new NewCustomer("Ada", "474"));
    TenantScope members = as(member, agent);
    assertThat(members.changes().consumer("mails").take(10)).hasSize(1);
    assertThat(members.changes().consumer("mails").remove()).isTrue();
    members.changes().consumer("mails").restart();

    for (TenantScope scope : all) {
      assertThat(scope.changes().consumer("mails").take(10)).hasSize(scope == all.get(2) ? 0 : 1);
    }
    // What its user has begun goes on with the next one.
    UUID next = newUser(UserRole.AGENT).id();
    crm.asAgent(agent.prefix()).customers().create(new NewCustomer("Bob", "475"));
    crm.asService().agents().assign(agent.id(), next);
    assertThat(as(next, agent).changes().consumer("mails").take(10)).hasSize(1);
  }

  @Test
  void aUserHasAHundredAtMost() {
    Agent agent = newAgent();
    UUID member = newMember(agent);
    TenantScope members = as(member, agent);
    members
        .dsl()
        .fetch(
            "select crm_private.take_changes(?, 'c' || n, 1) from generate_series(1, 100) as n",
            agent.prefix());
    assertThatThrownBy(() -> members.changes().consumer("one-more").take(1))
        .asInstanceOf(InstanceOfAssertFactories.type(RefusedException.class))
        .returns(RefusedException.Reason.TOO_MANY_CONSUMERS, RefusedException::reason);
    assertThatThrownBy(() -> members.changes().consumer("one-more").restart())
        .isInstanceOf(RefusedException.class);
    assertThat(members.changes().consumer("c1").take(1)).isEmpty();
    assertThat(crm.asAgent(agent.prefix()).changes().consumer("one-more").take(1)).isEmpty();
    assertThat(members.changes().consumer("c1").remove()).isTrue();
    assertThat(members.changes().consumer("one-more").take(1)).isEmpty();
  }
}
