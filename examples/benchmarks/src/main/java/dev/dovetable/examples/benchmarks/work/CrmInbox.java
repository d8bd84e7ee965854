package dev.dovetable.examples.benchmarks.work;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.inbox.ConversationFilter;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import dev.dovetable.examples.benchmarks.server.Sql;

/** Lists of conversations by their state, under row level security. */
public final class CrmInbox implements Operation {

  private static final PageRequest PAGE = PageRequest.first(30);

  private interface Read {
    Object of(TenantScope scope);
  }

  private final HikariDataSource pool;
  private final TenantScope scope;
  private final Read read;

  private CrmInbox(Subject subject, Read read) {
    this.pool = BenchmarkDatabase.pool(subject.url(), subject.connections());
    this.scope = Crm.create(pool).asAgent(subject.prefix());
    this.read = read;
  }

  /** Open, unread, nobody's, with a tag that every second one has. */
  public static CrmInbox filtered(Subject subject) {
    return new CrmInbox(subject, scope -> scope.conversations().list(filter("half"), PAGE));
  }

  /** The same with a tag that one in a thousand has. */
  public static CrmInbox ofRareTag(Subject subject) {
    return new CrmInbox(subject, scope -> scope.conversations().list(filter("rare"), PAGE));
  }

  /** How many there are of each kind. */
  public static CrmInbox counts(Subject subject) {
    return new CrmInbox(subject, scope -> scope.conversations().counts());
  }

  /** The first list without what the inbox keeps. */
  public static CrmInbox withoutState(Subject subject) {
    String sql = Sql.of("list_without_state.sql", subject.prefix());
    return new CrmInbox(subject, scope -> scope.dsl().fetch(sql));
  }

  private static ConversationFilter filter(String tag) {
    return ConversationFilter.open().unread().unassigned().tagged(tag);
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
