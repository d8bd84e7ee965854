package dev.dovetable.examples.benchmarks.work;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import java.time.Instant;

/** An inbound message of somebody whose phone number is known, by crm-core. */
public final class CrmInbound implements Operation {

  public static final String TEXT = "Two bags of coffee, please, and a pack of paper filters";

  private final Subject subject;
  private final HikariDataSource pool;
  private final TenantScope scope;

  public CrmInbound(Subject subject) {
    this.subject = subject;
    this.pool = BenchmarkDatabase.pool(subject.url(), subject.connections());
    this.scope = Crm.create(pool).asAgent(subject.prefix());
  }

  @Override
  public Object run() {
    return scope.messages().recordInboundFrom(anyPhone(subject), "Customer", TEXT, Instant.now());
  }

  public static String anyPhone(Subject subject) {
    return Long.toString(12_025_550_000L + CrmTimeline.anyCustomer(subject));
  }

  @Override
  public void close() {
    pool.close();
  }
}
