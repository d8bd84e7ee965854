package dev.dovetable.spring.health;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.install.SchemaStatus;
import dev.dovetable.schema.migration.AgentMigrations;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * What both of Spring Boot's health contributors tell. The database is asked once in a while, the
 * pool each time. Thread-safe.
 */
final class CrmState {
  private static final boolean HAS_HIKARI =
      ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource", CrmState.class.getClassLoader());

  private final CrmSchema schema;
  private final AgentMigrations migrations;
  private final DataSource dataSource;
  private final long cacheNanos;
  private final LongSupplier nanos;

  private @Nullable Answer latest;
  private long askedAt;

  /** In Spring Boot's terms. */
  enum Code {
    UP,
    DOWN,
    OUT_OF_SERVICE
  }

  /** In the order in which it is to be told. */
  record Answer(Code code, Map<String, Object> details) {}

  CrmState(
      CrmSchema schema,
      AgentMigrations migrations,
      DataSource dataSource,
      Duration cache,
      LongSupplier nanos) {
    this.schema = schema;
    this.migrations = migrations;
    this.dataSource = dataSource;
    this.cacheNanos = cache.toNanos();
    this.nanos = nanos;
  }

  /** Nine round trips, or none while the last answer holds. One thread asks at a time. */
  Answer look() {
    Answer database = database();
    Map<String, Object> details = new LinkedHashMap<>(database.details());
    if (HAS_HIKARI) {
      Pool.addTo(details, dataSource);
    }
    return new Answer(database.code(), details);
  }

  private synchronized Answer database() {
    Answer present = latest;
    if (present == null || nanos.getAsLong() - askedAt >= cacheNanos) {
      present = ask();
      latest = present;
      askedAt = nanos.getAsLong();
    }
    return present;
  }

  private Answer ask() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("schema", schema.schema());
    try {
      SchemaStatus status = schema.status(dataSource);
      details.put("state", status.state().name());
      details.put("libraryVersion", status.libraryVersion());
      status.installedVersion().ifPresent(version -> details.put("installedVersion", version));
      boolean works = status.isCurrent() || status.state() == SchemaStatus.State.AGENTS_BEHIND;
      if (works) {
        boolean behind = !status.isCurrent() || !migrations.isUpToDate(dataSource);
        details.put("agents", behind ? "behind" : "up to date");
      }
      return new Answer(works ? Code.UP : Code.OUT_OF_SERVICE, details);
    } catch (CrmException e) {
      details.put("problem", e.problem());
      return new Answer(Code.DOWN, details);
    }
  }

  /** Apart, because HikariCP may not be there. */
  private static final class Pool {
    static void addTo(Map<String, Object> details, DataSource dataSource) {
      try {
        if (!dataSource.isWrapperFor(HikariDataSource.class)) {
          return;
        }
        HikariDataSource pool = dataSource.unwrap(HikariDataSource.class);
        HikariPoolMXBean connections = pool.getHikariPoolMXBean();
        if (connections != null) {
          details.put("poolActive", connections.getActiveConnections());
          details.put("poolIdle", connections.getIdleConnections());
          details.put("poolWaiting", connections.getThreadsAwaitingConnection());
          details.put("poolMaximum", pool.getMaximumPoolSize());
        }
      } catch (SQLException e) {
        // A DataSource that can't tell what it is: there is nothing to say of its pool.
      }
    }
  }
}
