package dev.dovetable.schema.database.functions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.Session;
import dev.dovetable.schema.database.TwoAgents;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Our functions name PostgreSQL's with their schema: of functions of one name, that whose arguments
 * fit best is called, in whatever schema of the path it is. Without arguments, nothing fits better.
 */
@FreshDatabase(TwoAgents.class)
class CalledNamesTest {
  /** Calls, outside of comments, of a name without schema that have arguments. */
  private static final Pattern CALL =
      Pattern.compile("--[^\n]*|(?<![\\w.\"{$])([a-z_][a-z_0-9]*)\\((?!\\s*\\*?\\))");

  /** What the parser reads by itself, though there are functions of these names. */
  private static final Set<String> SYNTAX =
      Set.of("extract", "varchar", "char", "numeric", "timestamp", "interval", "bit");

  @Test
  void namesOfPostgresHaveTheirSchema(PostgresDatabase database) throws SQLException {
    List<String> unqualified = new ArrayList<>();
    try (Session superuser = new Session(database.dataSource())) {
      Set<String> builtIn =
          new TreeSet<>(
              superuser.column(
                  "select distinct proname from pg_proc"
                      + " where pronamespace = 'pg_catalog'::regnamespace"));
      builtIn.removeAll(SYNTAX);
      List<List<String>> ours =
          superuser.rows(
              """
              select p.oid::regprocedure, p.prosrc
              from pg_proc p
              where p.pronamespace in ('public'::regnamespace, 'crm_private'::regnamespace)
              """);
      assertThat(ours).hasSizeGreaterThan(100);
      for (List<String> function : ours) {
        Matcher call = CALL.matcher(function.get(1));
        while (call.find()) {
          if (call.group(1) != null && builtIn.contains(call.group(1))) {
            unqualified.add(function.get(0) + " calls " + call.group(1));
          }
        }
      }
    }
    assertThat(unqualified).as("to be written as pg_catalog.<name>(").isEmpty();
  }
}
