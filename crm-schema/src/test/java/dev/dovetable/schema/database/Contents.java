package dev.dovetable.schema.database;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/** All rows of all tables, all names and all privileges of a database, to compare. */
public final class Contents {

  private Contents() {}

  public static Map<String, String> of(DataSource superuser) throws SQLException {
    try (Session session = new Session(superuser)) {
      return of(session);
    }
  }

  public static Map<String, String> of(Session session) throws SQLException {
    Map<String, String> contents = new TreeMap<>();
    for (List<String> table :
        session.rows(
            """
              select format('%I.%I', n.nspname, c.relname),
                query_to_xml(format('select t::text from %I.%I t order by 1', n.nspname, c.relname), true, true, '')
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
              """)) {
      contents.put(table.get(0), table.get(1));
    }
    contents.put(
        "catalogue",
        session.one(
            "select string_agg(concat_ws(' ', c.relname, c.relkind, c.relowner::regrole, c.relacl,"
                + " c.relrowsecurity), E'\\n' order by c.relname)"
                + " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                + " where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'"));
    contents.put(
        "functions",
        session.one(
            "select string_agg(concat_ws(' ', p.oid::regprocedure, md5(p.prosrc), p.proacl,"
                + " p.proowner::regrole, p.proconfig), E'\\n' order by p.oid::regprocedure::text)"
                + " from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
                + " where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'"));
    return contents;
  }
}
