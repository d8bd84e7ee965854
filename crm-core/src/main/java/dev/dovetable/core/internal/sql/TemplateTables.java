package dev.dovetable.core.internal.sql;

import static java.util.Objects.requireNonNull;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jooq.DSLContext;
import org.jooq.Name;
import org.jooq.SQLDialect;
import org.jooq.Schema;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.TableImpl;

/** Tables of an application's own that were generated from a template agent, for one agent. */
public final class TemplateTables {
  private static final Pattern NAME = Pattern.compile("\\{prefix}(_[a-z0-9_]+)");
  private static final DSLContext SQL = DSL.using(SQLDialect.POSTGRES);

  private TemplateTables() {}

  /**
   * The same table under the agent's name.
   *
   * @throws IllegalArgumentException if it isn't the generated table itself, or can't be renamed to
   *     an agent's: an alias, for instance, would go on meaning the template's
   */
  public static <T extends TableImpl<?>> T bind(T template, String schema, String prefix) {
    requireNonNull(template, "template");
    Matcher name = NAME.matcher(template.getName());
    if (!name.matches() || !isRead(template, nameOf(template))) {
      throw new IllegalArgumentException(
          "template must be a table that was generated from a template agent, {prefix}_…, not "
              + template.getName()
              + ". Pass the generated constant, and take an alias or a condition of what comes"
              + " back; a table that all agents share is used as it is.");
    }
    Name own = DSL.name(schema, prefix + name.group(1));
    Table<?> bound = template.rename(own);
    if (bound.getClass() != template.getClass() || !isRead(bound, own)) {
      throw new IllegalArgumentException(
          "The class "
              + template.getClass().getName()
              + " keeps the schema it was generated from. Generate it with AgentTablesGenerator of"
              + " crm-testkit-codegen.");
    }
    // It has the very class of the template.
    @SuppressWarnings("unchecked")
    T same = (T) bound;
    return same;
  }

  private static Name nameOf(Table<?> table) {
    Schema schema = table.getSchema();
    Name name = table.getUnqualifiedName();
    return schema == null ? name : schema.getQualifiedName().append(name);
  }

  /** Whether a query of the table reads just what has the name, all of it. */
  private static boolean isRead(Table<?> table, Name name) {
    return SQL.render(DSL.selectOne().from(table))
        .equals(SQL.render(DSL.selectOne().from(DSL.table(name))));
  }
}
