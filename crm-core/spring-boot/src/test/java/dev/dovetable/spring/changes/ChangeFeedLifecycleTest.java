package dev.dovetable.spring.changes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.changes.Change;
import dev.dovetable.core.changes.ChangeFeed;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.spring.fixture.Running;
import dev.dovetable.spring.fixture.Service;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class ChangeFeedLifecycleTest extends Running {
  @Autowired private Service.Told told;
  @Autowired private ChangeFeedLifecycle lifecycle;

  @Test
  void listenersAreToldFromStartToStop() throws Exception {
    Agent agent = newAgent();

    assertThat(lifecycle.isRunning()).isTrue();
    crm.asAgent(agent.prefix()).customers().create(new NewCustomer("Ada", "1"));
    await("the change", () -> !customers(agent).isEmpty());

    lifecycle.stop();
    assertThat(lifecycle.isRunning()).isFalse();
    lifecycle.start();
    lifecycle.start();
    assertThat(lifecycle.isRunning()).isTrue();
    told.changes.clear();
    crm.asAgent(agent.prefix()).customers().create(new NewCustomer("Bo", "2"));
    await("the change after a restart", () -> !customers(agent).isEmpty());
    assertThat(customers(agent)).as("once").hasSize(1);
  }

  private List<Change> customers(Agent agent) {
    return told.changes.stream()
        .filter(one -> one.agent().equals(Optional.of(agent.prefix())))
        .filter(one -> one.topic().equals(ChangeFeed.CUSTOMERS))
        .toList();
  }
}
