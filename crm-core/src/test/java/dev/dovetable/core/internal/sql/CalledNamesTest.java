package dev.dovetable.core.internal.sql;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.Crm;
import dev.dovetable.core.fixture.DatabaseTest;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/**
 * Our statements name PostgreSQL's functions with their schema, because they run on the path of
 * whoever logs in, where a function of the same name whose arguments fit better would be called.
 * Versions of extensions don't: {@code migrate_agent()} pins the path.
 */
class CalledNamesTest extends DatabaseTest {
  /** Calls with arguments, outside of comments, of a name without schema. */
  private static final Pattern CALL =
      Pattern.compile("--[^\n]*|(?<![\\w.\"{$])([a-z_]+)\\((?!\\s*\\*?\\))");

  private static final Pattern VERSION = Pattern.compile("\\d{3}_.*");

  @Test
  void namesOfPostgresHaveTheirSchema() throws Exception {
    Set<String> builtIn =
        DSL.using(pool, SQLDialect.POSTGRES)
            .fetchStream(
                "select distinct proname from pg_catalog.pg_proc"
                    + " where pronamespace = 'pg_catalog'::regnamespace")
            .map(row -> row.get(0, String.class))
            .collect(toSet());
    List<String> unqualified = new ArrayList<>();
    List<Path> statements = statements();
    for (Path statement : statements) {
      Matcher call = CALL.matcher(Files.readString(statement));
      while (call.find()) {
        if (call.group(1) != null && builtIn.contains(call.group(1))) {
          unqualified.add(statement.getFileName() + " calls " + call.group(1));
        }
      }
    }
    assertThat(statements).hasSizeGreaterThan(10);
    assertThat(unqualified).as("to be written as pg_catalog.<name>(").isEmpty();
  }

  private static List<Path> statements() throws IOException, URISyntaxException {
    Path enter = Path.of(Crm.class.getResource("internal/sql/enter.sql").toURI());
    try (Stream<Path> files = Files.walk(enter.getParent().getParent().getParent())) {
      return files
          .filter(file -> file.toString().endsWith(".sql"))
          .filter(file -> !VERSION.matcher(file.getFileName().toString()).matches())
          .toList();
    }
  }
}
