package dev.dovetable.schema.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;

/** What must be true of all agents and their tables at any time. */
public final class Fleet {

  private Fleet() {}

  /** Each agent has its four tables with all that belongs to them, and nobody else has any. */
  public static void assertNothingOrphaned(Session owner) throws SQLException {
    assertThat(
            owner.column(
                """
                select a.agent_prefix || '_' || s from agents a
                cross join unnest(array['customers', 'messages', 'orders', 'orders_items']) s
                where to_regclass(a.agent_prefix || '_' || s) is null
                """))
        .as("tables that are missing")
        .isEmpty();
    assertThat(
            owner.rows(
                """
                select relkind, count(*) - (select count(*) from agents) * case relkind when 'i' then 16 else 4 end
                from pg_class
                where relnamespace = 'public'::regnamespace and relkind in ('r', 'i', 'S')
                  and relname ~ '_(customers|messages|orders|orders_items)(_.*)?$'
                group by relkind
                """))
        .as("tables, indexes and sequences too many or too few")
        .allSatisfy(row -> assertThat(row.get(1)).isEqualTo("0"));
    assertThat(
            owner.column(
                "select conrelid::regclass::text from pg_constraint"
                    + " where contype = 'f' and confrelid = 'agents'::regclass"))
        .as("tables that reference agents")
        .hasSameSizeAs(owner.column("select id from agents"));
  }

  /** The ids of all agents, in order. */
  public static List<Long> ids(Session owner) throws SQLException {
    return owner.column("select id from agents order by id").stream().map(Long::valueOf).toList();
  }
}
