package dev.dovetable.core.jooq;

import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Instant;
import java.util.function.Function;
import org.jooq.Binding;
import org.jooq.BindingGetResultSetContext;
import org.jooq.BindingGetSQLInputContext;
import org.jooq.BindingGetStatementContext;
import org.jooq.BindingRegisterContext;
import org.jooq.BindingSQLContext;
import org.jooq.BindingSetSQLOutputContext;
import org.jooq.BindingSetStatementContext;
import org.jooq.Converter;
import org.jooq.conf.ParamType;
import org.jooq.impl.DSL;

/**
 * Exchanges a type of {@code java.time} with the driver, which neither loses anything nor knows of
 * a time zone of the JVM's. Thread-safe.
 *
 * @param <T> what the driver gives and takes
 */
abstract class TimestampBinding<T> implements Binding<T, Instant> {
  private static final long serialVersionUID = 1L;

  private final Class<T> type;
  private final int jdbcType;
  private final String cast;
  private final Converter<T, Instant> converter;

  TimestampBinding(
      Class<T> type,
      int jdbcType,
      String cast,
      Function<T, Instant> toInstant,
      Function<Instant, T> fromInstant) {
    this.type = type;
    this.jdbcType = jdbcType;
    this.cast = cast;
    this.converter = Converter.ofNullable(type, Instant.class, toInstant, fromInstant);
  }

  @Override
  public final Converter<T, Instant> converter() {
    return converter;
  }

  @Override
  public final void sql(BindingSQLContext<Instant> ctx) {
    if (ctx.render().paramType() == ParamType.INLINED) {
      T time = ctx.convert(converter).value();
      ctx.render().visit(DSL.inline(time == null ? null : time.toString(), String.class));
    } else {
      ctx.render().sql(ctx.variable());
    }
    ctx.render().sql(cast);
  }

  @Override
  public final void register(BindingRegisterContext<Instant> ctx) throws SQLException {
    ctx.statement().registerOutParameter(ctx.index(), jdbcType);
  }

  @Override
  public final void set(BindingSetStatementContext<Instant> ctx) throws SQLException {
    T time = ctx.convert(converter).value();
    if (time == null) {
      ctx.statement().setNull(ctx.index(), jdbcType);
    } else {
      ctx.statement().setObject(ctx.index(), time);
    }
  }

  @Override
  public final void get(BindingGetResultSetContext<Instant> ctx) throws SQLException {
    ctx.convert(converter).value(ctx.resultSet().getObject(ctx.index(), type));
  }

  @Override
  public final void get(BindingGetStatementContext<Instant> ctx) throws SQLException {
    ctx.convert(converter).value(ctx.statement().getObject(ctx.index(), type));
  }

  /** Fails: PostgreSQL's driver knows no {@link java.sql.SQLInput}. */
  @Override
  public final void get(BindingGetSQLInputContext<Instant> ctx) throws SQLException {
    throw new SQLFeatureNotSupportedException("SQLInput");
  }

  /** Fails: PostgreSQL's driver knows no {@link java.sql.SQLOutput}. */
  @Override
  public final void set(BindingSetSQLOutputContext<Instant> ctx) throws SQLException {
    throw new SQLFeatureNotSupportedException("SQLOutput");
  }
}
