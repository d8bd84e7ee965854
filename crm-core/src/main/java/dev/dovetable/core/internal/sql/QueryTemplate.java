package dev.dovetable.core.internal.sql;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
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
public final class QueryTemplate<T extends @Nullable Object> {
  private final Supplier<Rendered> rendering;
  private final RecordMapper<Record, T> mapper;

  /** Null until it is needed. Two threads may well render it at once: the same. */
  private volatile @Nullable Rendered rendered;

  private QueryTemplate(Supplier<Rendered> rendering, RecordMapper<Record, T> mapper) {
    this.rendering = rendering;
    this.mapper = mapper;
  }

  private record Rendered(SqlTemplate sql, List<Field<?>> columns) {
    public static Rendered of(ResultQuery<?> query) {
      return new Rendered(SqlTemplate.of(query), List.of(query.fields()));
    }
  }

  /**
   * From a query of generated tables that belong to nobody. It is built when it is run first, since
   * what jOOQ loads to build it would be in the way of an application's first statement.
   *
   * @param query what selects columns one by one: the rows of a whole table would be of another
   *     class
   */
  public static <R extends Record, T extends @Nullable Object> QueryTemplate<T> of(
      Supplier<ResultQuery<R>> query, RecordMapper<R, T> mapper) {
    // Rows that are coerced to the query's columns are of the same class as its own.
    @SuppressWarnings("unchecked")
    RecordMapper<Record, T> coerced = (RecordMapper<Record, T>) mapper;
    return new QueryTemplate<>(() -> Rendered.of(query.get()), coerced);
  }

  /**
   * From a file. It is read when it is run first, for the same reason.
   *
   * @param parts what comes into slots whoever runs it; slots in them are the statement's
   * @param columns what a row has
   */
  public static <R extends Record, T extends @Nullable Object> QueryTemplate<T> ofFile(
      String name,
      Supplier<? extends Map<String, ? extends QueryPart>> parts,
      List<Field<?>> columns,
      RecordMapper<R, T> mapper) {
    // As above.
    @SuppressWarnings("unchecked")
    RecordMapper<Record, T> coerced = (RecordMapper<Record, T>) mapper;
    return new QueryTemplate<>(
        () -> new Rendered(SqlTemplate.ofFile(name, parts.get()), columns), coerced);
  }

  /** From a file whose rows have one column. */
  public static <T extends @Nullable Object> QueryTemplate<T> ofFile(String name, Field<T> column) {
    return new QueryTemplate<>(
        () -> new Rendered(SqlTemplate.ofFile(name), List.of(column)), row -> row.get(column));
  }

  /**
   * Runs the statement.
   *
   * @param parts what comes into the slots, by their names
   */
  public List<T> fetch(
      DSLContext dsl, SqlTemplate.TableNames names, Map<String, ? extends QueryPart> parts) {
    return query(dsl, names, parts).fetch(mapper);
  }

  /** The same, for at most one row. */
  public Optional<T> fetchOptional(
      DSLContext dsl, SqlTemplate.TableNames names, Map<String, ? extends QueryPart> parts) {
    return query(dsl, names, parts).fetchOptional(mapper);
  }

  /** The same, for one row. */
  public T fetchSingle(
      DSLContext dsl, SqlTemplate.TableNames names, Map<String, ? extends QueryPart> parts) {
    return query(dsl, names, parts).fetchSingle(mapper);
  }

  private ResultQuery<Record> query(
      DSLContext dsl, SqlTemplate.TableNames names, Map<String, ? extends QueryPart> parts) {
    Rendered template = rendered();
    return dsl.resultQuery("{0}", template.sql.filled(names, parts)).coerce(template.columns);
  }

  private Rendered rendered() {
    Rendered present = rendered;
    if (present == null) {
      present = rendering.get();
      rendered = present;
    }
    return present;
  }
}
