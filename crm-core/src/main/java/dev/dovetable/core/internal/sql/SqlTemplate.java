package dev.dovetable.core.internal.sql;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jooq.Context;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.QueryPart;
import org.jooq.SQLDialect;
import org.jooq.TableField;
import org.jooq.impl.CustomQueryPart;
import org.jooq.impl.DSL;

/**
 * SQL for any installation and agent, in which only names and values are missing. For jOOQ, to
 * build and render a simple statement is as much work as for the driver to run it, so what is run
 * all the time is rendered once. Immutable and thread-safe.
 */
public final class SqlTemplate {
  /** A table under the name that it has in the generated classes, or a slot. */
  private static final Pattern GAP = Pattern.compile("\"\\{schema}\"\\.\"([^\"]+)\"|\\{(\\w+)}");

  private final List<Piece> pieces;

  private SqlTemplate(String sql) {
    this.pieces = pieces(sql);
  }

  private sealed interface Piece {
    void render(Context<?> context, TableNames names, Map<String, ? extends QueryPart> parts);

    record Text(String sql) implements Piece {
      @Override
      public void render(
          Context<?> context, TableNames names, Map<String, ? extends QueryPart> parts) {
        context.sql(sql);
      }
    }

    record Table(String template) implements Piece {
      @Override
      public void render(
          Context<?> context, TableNames names, Map<String, ? extends QueryPart> parts) {
        context.visit(names.table(template));
      }
    }

    record Slot(String name) implements Piece {
      @Override
      public void render(
          Context<?> context, TableNames names, Map<String, ? extends QueryPart> parts) {
        context.visit(requireNonNull(parts.get(name), name));
      }
    }
  }

  /** What the tables of a template are called. */
  public interface TableNames {
    /**
     * A table's complete name.
     *
     * @param template the name in the generated classes, with <code>{prefix}</code> if each agent
     *     has one
     */
    Name table(String template);
  }

  /** From SQL about generated tables that belong to nobody. */
  static SqlTemplate of(QueryPart sql) {
    return new SqlTemplate(rendered(sql));
  }

  private static String rendered(QueryPart sql) {
    return DSL.using(SQLDialect.POSTGRES).render(sql);
  }

  /** From a file, which names tables as the generated classes do, and slots in braces. */
  public static SqlTemplate ofFile(String name) {
    return new SqlTemplate(SqlFile.text(name));
  }

  /** From a file, with what is about generated tables that belong to nobody in some slots. */
  static SqlTemplate ofFile(String name, Map<String, ? extends QueryPart> parts) {
    String sql = SqlFile.text(name);
    for (Map.Entry<String, ? extends QueryPart> one : parts.entrySet()) {
      sql = sql.replace("{" + one.getKey() + "}", rendered(one.getValue()));
    }
    return new SqlTemplate(sql);
  }

  /** Where a column's value comes in, under the column's name. */
  public static <T> Field<T> slot(TableField<?, T> column) {
    return slot(column.getName(), column.getDataType());
  }

  /** Where a part comes in. */
  public static <T> Field<T> slot(String name, DataType<T> type) {
    return DSL.field(DSL.raw("{" + name + "}"), type);
  }

  /**
   * The SQL with nothing missing.
   *
   * @param parts what comes into the slots, by their names
   */
  public QueryPart filled(TableNames names, Map<String, ? extends QueryPart> parts) {
    return new Filled(pieces, names, parts);
  }

  private static List<Piece> pieces(String sql) {
    List<Piece> pieces = new ArrayList<>();
    Matcher gap = GAP.matcher(sql);
    int end = 0;
    while (gap.find()) {
      pieces.add(new Piece.Text(sql.substring(end, gap.start())));
      pieces.add(
          gap.group(1) == null ? new Piece.Slot(gap.group(2)) : new Piece.Table(gap.group(1)));
      end = gap.end();
    }
    pieces.add(new Piece.Text(sql.substring(end)));
    return List.copyOf(pieces);
  }

  private static final class Filled extends CustomQueryPart {
    private static final long serialVersionUID = 1L;

    private final transient List<Piece> pieces;
    private final transient TableNames names;
    private final transient Map<String, ? extends QueryPart> parts;

    Filled(List<Piece> pieces, TableNames names, Map<String, ? extends QueryPart> parts) {
      this.pieces = pieces;
      this.names = names;
      this.parts = parts;
    }

    @Override
    public void accept(Context<?> context) {
      for (Piece piece : pieces) {
        piece.render(context, names, parts);
      }
    }
  }
}
