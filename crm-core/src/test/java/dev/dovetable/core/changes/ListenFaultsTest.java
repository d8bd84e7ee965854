package dev.dovetable.core.changes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.schema.errors.CrmException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What one listener does is not the others' matter. */
class ListenFaultsTest extends FeedTest {

  /** As Kotlin's lambdas do. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable thrown) throws E {
    throw (E) thrown;
  }

  private static final class Faulty implements ChangeListener {
    final AtomicInteger calls = new AtomicInteger();
    final AtomicInteger ends = new AtomicInteger();
    private final Runnable fault;

    Faulty(Runnable fault) {
      this.fault = fault;
    }

    @Override
    public void onChanges(List<Change> changes) {
      calls.incrementAndGet();
      fault.run();
    }

    @Override
    public void onEnd(CrmException why) {
      ends.incrementAndGet();
      fault.run();
    }
  }

  @Test
  void whateverItThrowsOthersAreTold() {
    Agent agent = newAgent();
    TenantScope shop = crm.asAgent(agent.prefix());
    int customer = shop.customers().create(new NewCustomer("Ada", "4711")).id();
    List<Faulty> faulty =
        List.of(
            new Faulty(
                () -> ListenFaultsTest.<RuntimeException>sneak(new IOException("socket closed"))),
            new Faulty(
                () ->
                    ListenFaultsTest.<RuntimeException>sneak(new InterruptedException("stopped"))),
            new Faulty(
                () -> {
                  throw new AssertionError("wrong");
                }),
            new Faulty(
                () -> {
                  throw new StackOverflowError();
                }),
            new Faulty(() -> Thread.currentThread().interrupt()));
    List<ChangeSubscription> open = new ArrayList<>();
    List<Boolean> told = new CopyOnWriteArrayList<>();
    List<Change> late = new CopyOnWriteArrayList<>();
    faulty.forEach(one -> open.add(shop.changes().listen(one)));
    ChangeSubscription good =
        shop.changes().listen(changes -> told.add(Thread.currentThread().isInterrupted()));
    for (int i = 1; i <= 2; i++) {
      int times = i;
      shop.messages().recordInbound(customer, "x");
      await(
          "all are told",
          () -> told.size() >= times && faulty.stream().allMatch(one -> one.calls.get() >= times));
    }
    ChangeSubscription another = shop.changes().listen(late::addAll);
    shop.messages().recordInbound(customer, "y");

    await("a new one is told", () -> late.size() == 1);
    assertThat(told).as("interrupted by another one").containsOnly(false);
    assertThat(open).allMatch(ChangeSubscription::isOpen);
    assertThat(List.of(good, another)).allMatch(ChangeSubscription::isOpen);
    crm.asService().agents().delete(agent.id());
    await("all end", () -> faulty.stream().allMatch(one -> one.ends.get() == 1));
    open.addAll(List.of(good, another));
    await("all are closed", () -> open.stream().noneMatch(ChangeSubscription::isOpen));
  }
}
