package dev.dovetable.examples.spring;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.install.SchemaStatus;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Up while the schema is the one that this release works with; tells how full the pool is. */
@Component
class CrmHealthIndicator implements HealthIndicator {
  private final CrmSchema schema;
  private final HikariDataSource pool;

  CrmHealthIndicator(CrmSchema schema, HikariDataSource pool) {
    this.schema = schema;
    this.pool = pool;
  }

  @Override
  public Health health() {
    Health.Builder health = Health.unknown();
    try {
      SchemaStatus status = schema.status(pool);
      health
          .status(status.isCurrent() ? "UP" : "OUT_OF_SERVICE")
          .withDetail("schema", status.schema())
          .withDetail("state", status.state())
          .withDetail("libraryVersion", status.libraryVersion());
      status.installedVersion().ifPresent(v -> health.withDetail("installedVersion", v));
    } catch (CrmException e) {
      health.down().withDetail("problem", e.problem());
    }
    HikariPoolMXBean connections = pool.getHikariPoolMXBean();
    if (connections != null) {
      health
          .withDetail("poolActive", connections.getActiveConnections())
          .withDetail("poolIdle", connections.getIdleConnections())
          .withDetail("poolWaiting", connections.getThreadsAwaitingConnection())
          .withDetail("poolMaximum", pool.getMaximumPoolSize());
    }
    return health.build();
  }
}
