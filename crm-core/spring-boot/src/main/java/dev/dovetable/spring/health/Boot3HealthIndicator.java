package dev.dovetable.spring.health;

import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/**
 * Up while the schema is one that this release works with; tells of agents that are behind, and how
 * full the pool is. Thread-safe.
 */
final class Boot3HealthIndicator implements HealthIndicator {
  private final CrmState state;

  Boot3HealthIndicator(CrmState state) {
    this.state = state;
  }

  @Override
  public Health health() {
    CrmState.Answer answer = state.look();
    return Health.status(answer.code().name()).withDetails(answer.details()).build();
  }
}
