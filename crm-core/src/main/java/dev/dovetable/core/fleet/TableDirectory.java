package dev.dovetable.core.fleet;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.BaseTables;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * A directory in the table {@code agent_places} beside one database's agents, which the service
 * alone may read and write. One round trip for each call. Immutable and thread-safe.
 */
public final class TableDirectory implements AgentDirectory {
  private static final Field<String> PREFIX = DSL.field(DSL.name("agent_prefix"), SQLDataType.CLOB);
  private static final Field<String> DATABASE =
      DSL.field(DSL.name("database_name"), SQLDataType.CLOB);
  private static final Field<UUID> TOKEN = DSL.field(DSL.name("token"), SQLDataType.UUID);
  private static final Field<Boolean> IS_MADE = DSL.field(DSL.name("is_made"), SQLDataType.BOOLEAN);
  private static final Field<Instant> SINCE = DSL.field(DSL.name("since"), SQLDataType.INSTANT);

  private final Session session;
  private final Table<Record> table;

  /**
   * Internal: {@link dev.dovetable.core.CrmFleet} makes it.
   *
   * @param session of the service
   * @param base of the database that keeps the directory
   */
  public TableDirectory(Session session, BaseTables base) {
    this.session = session;
    this.table = DSL.table(base.internal("agent_places"));
  }

  @Override
  public Optional<AgentPlace> find(String prefix) {
    return select(PREFIX.eq(requireNonNull(prefix, "prefix")), 1).stream().findFirst();
  }

  @Override
  public boolean add(AgentPlace place) {
    return session
            .dsl()
            .insertInto(table, PREFIX, DATABASE, TOKEN, IS_MADE, SINCE)
            .values(place.prefix(), place.database(), place.token(), place.made(), place.since())
            .onConflictDoNothing()
            .execute()
        == 1;
  }

  @Override
  public boolean replace(AgentPlace present, AgentPlace next) {
    return session
            .dsl()
            .update(table)
            .set(DATABASE, next.database())
            .set(TOKEN, next.token())
            .set(IS_MADE, next.made())
            .set(SINCE, next.since())
            .where(is(present))
            .execute()
        == 1;
  }

  @Override
  public boolean remove(AgentPlace present) {
    return session.dsl().deleteFrom(table).where(is(present)).execute() == 1;
  }

  @Override
  public List<AgentPlace> list(String after, int limit) {
    return select(bytewise().gt(requireNonNull(after, "after")), limit);
  }

  private List<AgentPlace> select(Condition which, int limit) {
    return session
        .dsl()
        .select(PREFIX, DATABASE, TOKEN, IS_MADE, SINCE)
        .from(table)
        .where(which)
        .orderBy(bytewise())
        .limit(limit)
        .fetch(
            row ->
                new AgentPlace(
                    row.get(PREFIX),
                    row.get(DATABASE),
                    row.get(TOKEN),
                    row.get(IS_MADE),
                    row.get(SINCE)));
  }

  private static Field<String> bytewise() {
    return DSL.field("{0} collate \"C\"", SQLDataType.CLOB, PREFIX);
  }

  private static Condition is(AgentPlace present) {
    return PREFIX.eq(present.prefix()).and(TOKEN.eq(present.token()));
  }

  /** Names no database. */
  @Override
  public String toString() {
    return "TableDirectory[" + table.getQualifiedName() + "]";
  }
}
