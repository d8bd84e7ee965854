package dev.dovetable.schema.migration;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The statements of a version, by when they are run.
 *
 * @param template what is run for each agent: the file, with blanks in place of what is shared, so
 *     that lines keep their numbers
 * @param privileges GRANT and REVOKE, which are run for each agent once more, behind those of the
 *     library
 * @param shared what is run once, for all agents
 * @param sharedFunctions the functions that those statements make, replace or drop: their names,
 *     with {@code {api}.} ahead of those that are beside the tables
 * @param indexes the indexes that are built outside of a transaction
 * @param builds the statements that do so, in the same order
 */
record VersionParts(
    String template,
    List<String> privileges,
    List<String> shared,
    List<String> sharedFunctions,
    List<String> indexes,
    List<String> builds) {

  /** Between statements that are passed as one text. */
  private static final String SEPARATOR = "\u001f";

  VersionParts {
    privileges = List.copyOf(privileges);
    shared = List.copyOf(shared);
    sharedFunctions = List.copyOf(sharedFunctions);
    indexes = List.copyOf(indexes);
    builds = List.copyOf(builds);
  }

  static VersionParts of(String sql, List<SqlStatement> statements) {
    StringBuilder template = new StringBuilder(sql);
    List<String> privileges = new ArrayList<>();
    List<String> shared = new ArrayList<>();
    Set<String> sharedFunctions = new LinkedHashSet<>();
    List<String> indexes = new ArrayList<>();
    List<String> builds = new ArrayList<>();
    int added = 0;
    for (SqlStatement statement : statements) {
      String text = statement.text(sql);
      FunctionName function = FunctionName.of(statement);
      int begin = statement.get(0).begin() + added;
      if (function.isShared()) {
        shared.add(repeatable(statement, text));
        sharedFunctions.add(function.qualified());
        template.replace(begin, begin + text.length(), text.replaceAll("[^\n]", " "));
      } else if (isPrivilege(statement)) {
        privileges.add(text);
      } else if (isBuild(statement)) {
        SqlToken concurrently = statement.get(statement.indexOf("concurrently"));
        builds.add(text);
        indexes.add(statement.get(statement.indexOf("concurrently") + 1).text());
        String plainly = "if not exists";
        int at = concurrently.begin() + added;
        template.replace(at, at + concurrently.text().length(), plainly);
        added += plainly.length() - concurrently.text().length();
      }
    }
    return new VersionParts(
        template.toString(), privileges, shared, List.copyOf(sharedFunctions), indexes, builds);
  }

  /** It is run again when a later version is withdrawn; whose the function is, is asked before. */
  private static String repeatable(SqlStatement statement, String text) {
    return statement.isAt(0, "create", "function")
        ? "create or replace " + text.substring(statement.get(1).begin() - statement.get(0).begin())
        : text;
  }

  /** Whether a statement is GRANT or REVOKE. */
  static boolean isPrivilege(SqlStatement statement) {
    return statement.get(0).is("grant") || statement.get(0).is("revoke");
  }

  /** Whether a statement is {@code CREATE INDEX CONCURRENTLY}. */
  static boolean isBuild(SqlStatement statement) {
    return statement.isAt(0, "create", "index", "concurrently")
        || statement.isAt(0, "create", "unique", "index", "concurrently");
  }

  String joinedPrivileges() {
    return String.join(SEPARATOR, privileges);
  }

  String joinedShared() {
    return String.join(SEPARATOR, shared);
  }

  String joinedBuilds() {
    return String.join(SEPARATOR, builds);
  }
}
