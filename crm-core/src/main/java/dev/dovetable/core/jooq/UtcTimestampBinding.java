package dev.dovetable.core.jooq;

import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
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
import org.jspecify.annotations.NullMarked;

/**
 * Maps {@code timestamp without time zone} columns, which hold UTC, to {@link Instant}. The
 * generated tables use it; applications have no reason to.
 *
 * <p>jOOQ's own binding goes through {@link java.sql.Timestamp} and so through the JVM's time zone:
 * an hour that daylight saving skips there comes back one hour late. This one exchanges {@link
 * LocalDateTime} with the driver. Thread-safe.
 */
@NullMarked
public final class UtcTimestampBinding implements Binding<LocalDateTime, Instant> {

  private static final long serialVersionUID = 1L;

  private static final Converter<LocalDateTime, Instant> UTC =
      Converter.ofNullable(
          LocalDateTime.class,
          Instant.class,
          time -> time.toInstant(ZoneOffset.UTC),
          // The column holds microseconds; the driver would round, and so move some times forward.
          instant ->
              LocalDateTime.ofInstant(instant.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC));

  /** Creates the binding; one serves any number of columns. */
  public UtcTimestampBinding() {}

  @Override
  public Converter<LocalDateTime, Instant> converter() {
    return UTC;
  }

  @Override
  public void sql(BindingSQLContext<Instant> ctx) {
    if (ctx.render().paramType() == ParamType.INLINED) {
      LocalDateTime time = ctx.convert(UTC).value();
      ctx.render().visit(DSL.inline(time == null ? null : time.toString(), String.class));
    } else {
      ctx.render().sql(ctx.variable());
    }
    ctx.render().sql("::timestamp");
  }

  @Override
  public void register(BindingRegisterContext<Instant> ctx) throws SQLException {
    ctx.statement().registerOutParameter(ctx.index(), Types.TIMESTAMP);
  }

  @Override
  public void set(BindingSetStatementContext<Instant> ctx) throws SQLException {
    LocalDateTime time = ctx.convert(UTC).value();
    if (time == null) {
      ctx.statement().setNull(ctx.index(), Types.TIMESTAMP);
    } else {
      ctx.statement().setObject(ctx.index(), time);
    }
  }

  @Override
  public void get(BindingGetResultSetContext<Instant> ctx) throws SQLException {
    ctx.convert(UTC).value(ctx.resultSet().getObject(ctx.index(), LocalDateTime.class));
  }

  @Override
  public void get(BindingGetStatementContext<Instant> ctx) throws SQLException {
    ctx.convert(UTC).value(ctx.statement().getObject(ctx.index(), LocalDateTime.class));
  }

  /** Fails: PostgreSQL's driver knows no {@link java.sql.SQLInput}. */
  @Override
  public void get(BindingGetSQLInputContext<Instant> ctx) throws SQLException {
    throw new SQLFeatureNotSupportedException("SQLInput");
  }

  /** Fails: PostgreSQL's driver knows no {@link java.sql.SQLOutput}. */
  @Override
  public void set(BindingSetSQLOutputContext<Instant> ctx) throws SQLException {
    throw new SQLFeatureNotSupportedException("SQLOutput");
  }
}
