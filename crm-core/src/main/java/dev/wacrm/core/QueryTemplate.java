package dev.wacrm.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.QueryPart;
import org.jooq.Record;
import org.jooq.RecordMapper;
import org.jooq.ResultQuery;
import org.jspecify.annotations.Nullable;

/**
 * A statement that gives rows, for any installation and agent. Immutable and thread-safe.
 *
 * @param <T> what a row is read into
 */
final class QueryTemplate<T extends @Nullable Object> {
  private final SqlTemplate sql;
  private final List<Field<?>> columns;
  private final RecordMapper<Record, T> mapper;

  private QueryTemplate(SqlTemplate sql, List<Field<?>> columns, RecordMapper<Record, T> mapper) {
    this.sql = sql;
    this.columns = columns;
    this.mapper = mapper;
  }

  /**
   * From a query of generated tables that belong to nobody.
   *
   * @param query what selects columns one by one: the rows of a whole table would be of another
   *     class
   */
  static <R extends Record, T extends @Nullable Object> QueryTemplate<T> of(
      ResultQuery<R> query, RecordMapper<R, T> mapper) {
    // Rows that are coerced to the query's columns are of the same class as its own.
    @SuppressWarnings("unchecked")
    RecordMapper<Record, T> coerced = (RecordMapper<Record, T>) mapper;
    return new QueryTemplate<>(SqlTemplate.of(query), List.of(query.fields()), coerced);
  }

  /** From a file whose rows have one column. */
  static <T extends @Nullable Object> QueryTemplate<T> ofFile(String name, Field<T> column) {
    return new QueryTemplate<>(SqlTemplate.ofFile(name), List.of(column), row -> row.get(column));
  }

  /**
   * Runs the statement.
   *
   * @param parts what comes into the slots, by their names
   */
  List<T> fetch(
      DSLContext dsl, SqlTemplate.TableNames names, Map<String, ? extends QueryPart> parts) {
    return query(dsl, names, parts).fetch(mapper);
  }

  /** The same, for at most one row. */
  Optional<T> fetchOptional(
      DSLContext dsl, SqlTemplate.TableNames names, Map<String, ? extends QueryPart> parts) {
    return query(dsl, names, parts).fetchOptional(mapper);
  }

  /** The same, for one row. */
  T fetchSingle(
      DSLContext dsl, SqlTemplate.TableNames names, Map<String, ? extends QueryPart> parts) {
    return query(dsl, names, parts).fetchSingle(mapper);
  }

  private ResultQuery<Record> query(
      DSLContext dsl, SqlTemplate.TableNames names, Map<String, ? extends QueryPart> parts) {
    return dsl.resultQuery("{0}", sql.filled(names, parts)).coerce(columns);
  }
}
