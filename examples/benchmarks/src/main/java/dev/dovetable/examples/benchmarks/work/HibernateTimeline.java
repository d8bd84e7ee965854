package dev.dovetable.examples.benchmarks.work;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import java.util.List;
import org.hibernate.Session;
import org.hibernate.SessionFactory;

/** The same page by Hibernate from the tenant's schema, without row level security. */
public final class HibernateTimeline implements Operation {

  private static final String QUERY =
      "from HibernateMessage where customerId = :customer and timestamp is not null"
          + " order by timestamp desc, id desc";

  private final Subject subject;
  private final HikariDataSource pool;
  private final SessionFactory factory;
  private final boolean transaction;

  private HibernateTimeline(Subject subject, boolean transaction) {
    this.subject = subject;
    this.pool = BenchmarkDatabase.pool(subject.superuserUrl(), subject.connections());
    this.factory = HibernateTenants.open(pool);
    this.transaction = transaction;
  }

  /** As its guide asks for. */
  public static HibernateTimeline inTransaction(Subject subject) {
    return new HibernateTimeline(subject, true);
  }

  /** With autocommit: one round trip less. */
  public static HibernateTimeline withoutTransaction(Subject subject) {
    return new HibernateTimeline(subject, false);
  }

  @Override
  public Object run() {
    Object schema = HibernateTenants.schemaOf(subject.prefix());
    try (Session session = factory.withOptions().tenantIdentifier(schema).openSession()) {
      return transaction ? session.fromTransaction(none -> page(session)) : page(session);
    }
  }

  private List<HibernateMessage> page(Session session) {
    return session
        .createSelectionQuery(QUERY, HibernateMessage.class)
        .setParameter("customer", CrmTimeline.anyCustomer(subject))
        .setMaxResults(CrmTimeline.PAGE + 1)
        .setReadOnly(true)
        .getResultList();
  }

  @Override
  public void close() {
    factory.close();
    pool.close();
  }
}
