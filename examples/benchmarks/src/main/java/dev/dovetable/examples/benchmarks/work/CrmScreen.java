package dev.dovetable.examples.benchmarks.work;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.messages.Message;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import java.util.ArrayList;
import java.util.List;

/** What a screen shows of a conversation's newest 50 messages, under row level security. */
public final class CrmScreen implements Operation {

  /** Whose conversation is long. */
  private static final int LONG_CONVERSATION = 1;

  private interface Read {
    Object of(TenantScope scope);
  }

  private final HikariDataSource pool;
  private final TenantScope scope;
  private final Read read;

  private CrmScreen(Subject subject, Read read) {
    this.pool = BenchmarkDatabase.pool(subject.url(), subject.connections());
    this.scope = Crm.create(pool).asAgent(subject.prefix());
    this.read = read;
  }

  /** In one statement. */
  public static CrmScreen atOnce(Subject subject) {
    return new CrmScreen(subject, scope -> page(scope, anyButTheLong(subject)));
  }

  /** The same of the long conversation. */
  public static CrmScreen ofTheLong(Subject subject) {
    return new CrmScreen(subject, scope -> page(scope, LONG_CONVERSATION));
  }

  /** The messages, and two statements for each of them. */
  public static CrmScreen pieceByPiece(Subject subject) {
    return new CrmScreen(
        subject,
        scope -> {
          List<Object> all = new ArrayList<>();
          for (Message message :
              scope
                  .messages()
                  .timeline(anyButTheLong(subject), PageRequest.first(CrmTimeline.PAGE))
                  .items()) {
            all.add(scope.deliveries().find(message.id()));
            all.add(scope.deliveries().details(message.id()));
          }
          return all;
        });
  }

  /** The messages, and one statement for what became of all, and one for what is behind all. */
  public static CrmScreen byMany(Subject subject) {
    return new CrmScreen(
        subject,
        scope -> {
          List<Integer> ids =
              scope
                  .messages()
                  .timeline(anyButTheLong(subject), PageRequest.first(CrmTimeline.PAGE))
                  .items()
                  .stream()
                  .map(Message::id)
                  .toList();
          return List.of(scope.deliveries().find(ids), scope.deliveries().details(ids));
        });
  }

  private static Object page(TenantScope scope, int customer) {
    return scope.deliveries().timeline(customer, PageRequest.first(CrmTimeline.PAGE));
  }

  private static int anyButTheLong(Subject subject) {
    int customer = CrmTimeline.anyCustomer(subject);
    return customer == LONG_CONVERSATION ? LONG_CONVERSATION + 1 : customer;
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
