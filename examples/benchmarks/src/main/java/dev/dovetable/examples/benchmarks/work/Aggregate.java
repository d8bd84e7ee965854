package dev.dovetable.examples.benchmarks.work;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.jooq.tables.Messages;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import org.jooq.impl.DSL;

/**
 * How many messages there are in each direction, and the time of the latest one: reads them all.
 */
public final class Aggregate implements Operation {

  private final HikariDataSource pool;
  private final TenantScope scope;

  private Aggregate(Subject subject, boolean service) {
    this.pool = BenchmarkDatabase.pool(subject.url(), subject.connections());
    Crm crm = Crm.create(pool);
    this.scope = service ? crm.asService().tenant(subject.prefix()) : crm.asAgent(subject.prefix());
  }

  public static Aggregate asAgent(Subject subject) {
    return new Aggregate(subject, false);
  }

  public static Aggregate asService(Subject subject) {
    return new Aggregate(subject, true);
  }

  @Override
  public Object run() {
    Messages table = scope.tables().messages();
    return scope
        .dsl()
        .select(table.DIRECTION, DSL.count(), DSL.max(table.TIMESTAMP))
        .from(table)
        .groupBy(table.DIRECTION)
        .fetch();
  }

  @Override
  public void close() {
    pool.close();
  }
}
