package dev.dovetable.examples.benchmarks.work;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.jooq.tables.Messages;
import dev.dovetable.core.messages.MessageRepository;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import java.util.concurrent.ThreadLocalRandom;
import org.jooq.Record;
import org.jooq.SelectSeekStep2;

/** Pages of 50 of a timeline, as the agent's own user, under row level security. */
public final class CrmTimeline implements Operation {

  public static final int PAGE = 50;

  /** Whose timeline is long, where that matters. */
  private static final int LONG_TIMELINE = 1;

  private interface Read {
    Object of(TenantScope scope);
  }

  private final HikariDataSource pool;
  private final TenantScope scope;
  private final Read read;

  private CrmTimeline(Subject subject, Read read) {
    this.pool = BenchmarkDatabase.pool(subject.url(), subject.connections());
    this.scope = Crm.create(pool).asAgent(subject.prefix());
    this.read = read;
  }

  /** The first page of any customer's. */
  public static CrmTimeline firstPage(Subject subject) {
    return new CrmTimeline(
        subject, scope -> scope.messages().timeline(anyCustomer(subject), PageRequest.first(PAGE)));
  }

  /** A page of the long one, which the subject tells; the first one needs no cursor. */
  public static CrmTimeline deepPage(Subject subject) {
    PageRequest page =
        subject.page() == 1
            ? PageRequest.first(PAGE)
            : PageRequest.first(PAGE).after(endOf(subject, subject.page() - 1));
    return new CrmTimeline(subject, scope -> scope.messages().timeline(LONG_TIMELINE, page));
  }

  /** The same page by counting the rows ahead of it. */
  public static CrmTimeline offsetPage(Subject subject) {
    return new CrmTimeline(
        subject,
        scope -> newestFirst(scope).limit(PAGE + 1).offset((subject.page() - 1) * PAGE).fetch());
  }

  public static int anyCustomer(Subject subject) {
    return 1 + ThreadLocalRandom.current().nextInt(subject.customers());
  }

  private static Cursor endOf(Subject subject, int page) {
    try (HikariDataSource pool = BenchmarkDatabase.pool(subject.url(), 1)) {
      TenantScope scope = Crm.create(pool).asAgent(subject.prefix());
      MessageRepository messages = scope.messages();
      int last =
          newestFirst(scope)
              .limit(1)
              .offset(page * PAGE - 1)
              .fetchSingle(scope.tables().messages().ID);
      return messages.placeOf(messages.find(last).orElseThrow());
    }
  }

  private static SelectSeekStep2<? extends Record, ?, ?> newestFirst(TenantScope scope) {
    Messages table = scope.tables().messages();
    return scope
        .dsl()
        .selectFrom(table)
        .where(table.CUSTOMER_ID.eq(LONG_TIMELINE))
        .and(table.TIMESTAMP.isNotNull())
        .orderBy(table.TIMESTAMP.desc(), table.ID.desc());
  }

  @Override
  public Object run() {
    return read.of(scope);
  }

  @Override
  public void close() {
    pool.close();
  }
}
