package dev.dovetable.core.messages;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.internal.connection.BulkImport;
import dev.dovetable.core.internal.connection.Copy;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Times;
import dev.dovetable.core.jooq.tables.Messages;
import java.util.Iterator;
import java.util.List;
import org.jooq.impl.DSL;

/**
 * Writes messages in bulk: by COPY for the service, by one array per column for whom row level
 * security holds back. Immutable and thread-safe.
 */
final class MessageImport {
  private final Session session;
  private final AgentIdentity identity;
  private final Messages table;

  MessageImport(Session session, AgentIdentity identity, Messages table) {
    this.session = session;
    this.identity = identity;
    this.table = table;
  }

  long run(Iterator<NewMessage> rows) {
    return new BulkImport<NewMessage>(row -> row.text().length(), this::write).run(session, rows);
  }

  private void write(Session inner, List<NewMessage> rows) {
    try {
      insert(inner, rows);
    } catch (InvalidDataException e) {
      throw e.kind() == InvalidDataException.Kind.FOREIGN_KEY
          ? new InvalidDataException(
              e.kind(),
              e.problem(),
              "The row's customerId is none of the agent's: make the customers first, and take"
                  + " the ids that they have then.",
              e.getCause())
          : e;
    }
  }

  private void insert(Session inner, List<NewMessage> rows) {
    // COPY can't leave a column to its default in some rows only.
    if (rows.stream().allMatch(row -> row.timestamp().isPresent()) && Copy.isPossible(inner)) {
      Copy.into(
          inner,
          identity.name(),
          table,
          List.of(table.CUSTOMER_ID, table.MESSAGE, table.DIRECTION, table.TIMESTAMP),
          copy -> {
            for (NewMessage row : rows) {
              copy.add(
                  Integer.toString(row.customerId()),
                  row.text(),
                  MessageMapper.column(row.direction()),
                  Times.text(row.timestamp().get()));
            }
          });
      return;
    }
    MessageInsert columns = new MessageInsert(table);
    inner
        .dsl()
        .execute(
            columns.insert(
                DSL.select(columns.values())
                    .from(MessageInsert.of(rows))
                    .orderBy(MessageInsert.POSITION)));
  }
}
