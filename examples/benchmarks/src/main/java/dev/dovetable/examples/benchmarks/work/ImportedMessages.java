package dev.dovetable.examples.benchmarks.work;

import dev.dovetable.core.jooq.TenantTables;
import dev.dovetable.core.jooq.tables.Messages;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.examples.benchmarks.server.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.jooq.BatchBindStep;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Messages to import, made while they are read, and the ways to import them without the library.
 */
public final class ImportedMessages implements Iterable<NewMessage> {

  private static final int CHUNK = 5000;
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  private final int count;
  private final int customers;

  public ImportedMessages(int count, int customers) {
    this.count = count;
    this.customers = customers;
  }

  @Override
  public Iterator<NewMessage> iterator() {
    return IntStream.range(0, count).mapToObj(this::message).iterator();
  }

  private NewMessage message(int number) {
    String text = "Message " + number + ": two bags of coffee, please, and a pack of paper filters";
    int customer = 1 + number % customers;
    NewMessage message =
        number % 3 == 0 ? NewMessage.outbound(customer, text) : NewMessage.inbound(customer, text);
    return message.at(FIRST.plusSeconds(number));
  }

  /** COPY in text format; none of these texts needs to be quoted. */
  public void copyTo(DataSource dataSource, String prefix) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      CopyIn copy =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn(Sql.of("copy_messages.sql", prefix));
      StringBuilder lines = new StringBuilder();
      int inChunk = 0;
      for (NewMessage message : this) {
        lines.append(message.customerId()).append('\t');
        lines.append(message.text()).append('\t');
        lines.append(direction(message)).append('\t');
        lines.append(time(message)).append('\n');
        if (++inChunk == CHUNK) {
          send(copy, lines);
          inChunk = 0;
        }
      }
      send(copy, lines);
      copy.endCopy();
    }
  }

  private static void send(CopyIn copy, StringBuilder lines) throws SQLException {
    byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
    copy.writeToCopy(bytes, 0, bytes.length);
    lines.setLength(0);
  }

  /** INSERTs in batches, in one transaction. */
  public void batchTo(DataSource dataSource, TenantTables tables) {
    Messages table = tables.messages();
    DSLContext dsl = DSL.using(dataSource, SQLDialect.POSTGRES);
    dsl.transaction(
        transaction -> {
          Iterator<NewMessage> messages = iterator();
          while (messages.hasNext()) {
            BatchBindStep batch = insert(transaction.dsl(), table);
            for (int i = 0; i < CHUNK && messages.hasNext(); i++) {
              NewMessage message = messages.next();
              batch =
                  batch.bind(
                      message.customerId(),
                      message.text(),
                      direction(message),
                      message.timestamp().orElseThrow());
            }
            batch.execute();
          }
        });
  }

  private static BatchBindStep insert(DSLContext dsl, Messages table) {
    return dsl.batch(
        dsl.insertInto(table, table.CUSTOMER_ID, table.MESSAGE, table.DIRECTION, table.TIMESTAMP)
            .values((Integer) null, null, null, null));
  }

  /** Entities in batches, in one transaction, without a persistence context to be kept. */
  public void persistBy(SessionFactory factory, String prefix) {
    Object schema = HibernateTenants.schemaOf(prefix);
    try (StatelessSession session =
        factory.withStatelessOptions().tenantIdentifier(schema).openStatelessSession()) {
      session.inTransaction(
          transaction -> {
            List<HibernateMessage> batch = new ArrayList<>(HibernateMessage.BATCH);
            for (NewMessage message : this) {
              batch.add(
                  new HibernateMessage(
                      message.customerId(), message.text(), direction(message), time(message)));
              if (batch.size() == HibernateMessage.BATCH) {
                session.insertMultiple(batch);
                batch.clear();
              }
            }
            session.insertMultiple(batch);
          });
    }
  }

  private static String direction(NewMessage message) {
    return message.direction().name().toLowerCase(java.util.Locale.ROOT);
  }

  private static LocalDateTime time(NewMessage message) {
    return LocalDateTime.ofInstant(message.timestamp().orElseThrow(), ZoneOffset.UTC);
  }
}
