package dev.dovetable.core.internal.connection;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.internal.sql.Keyset;
import java.util.List;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.RecordMapper;
import org.jooq.TableField;
import org.jooq.impl.DSL;

/**
 * A table that all agents share, page by page in the order of its ids. Immutable and thread-safe.
 *
 * @param name of the list, by which its cursors are known
 * @param id the column
 * @param key reads an id out of a cursor
 * @param row reads a row
 * @param idOf gives the id of what was read
 */
public record KeysetById<R extends Record, K, T>(
    String name,
    TableField<R, K> id,
    Function<String, K> key,
    RecordMapper<R, T> row,
    Function<T, K> idOf) {

  public Page<T> page(Session session, PageRequest page) {
    Condition rest =
        requireNonNull(page, "page")
            .after()
            .map(cursor -> id.gt(key.apply(Keyset.keys(cursor, name, 1).get(0))))
            .orElse(DSL.noCondition());
    List<T> fetched =
        session
            .dsl()
            .selectFrom(id.getTable())
            .where(rest)
            .orderBy(id)
            .limit(page.limit() + 1)
            .fetch(row);
    return Keyset.page(fetched, page, last -> Keyset.cursor(name, idOf.apply(last)));
  }
}
