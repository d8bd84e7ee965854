package dev.dovetable.schema.migration;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.migration.SqlToken.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a {@link Rehearsal} can't see, because the agent that it is made with has no rows, and has
 * touched the installation's own tables before: that tables are named by placeholders, and which
 * functions are called. Against oversights, not against an attacker: whoever writes templates may
 * do anything anyway. Immutable.
 */
final class StatementRules {
  /** Before FROM, which stands for something else within the parentheses of these. */
  private static final Set<String> FUNCTIONS_WITH_FROM =
      Set.of("extract", "substring", "trim", "overlay");

  /** What ends a list of tables. */
  private static final Set<String> AFTER_FROM =
      Set.of(
          "where",
          "group",
          "having",
          "order",
          "limit",
          "offset",
          "fetch",
          "window",
          "returning",
          "union",
          "intersect",
          "except",
          "select",
          "set",
          "for");

  /** What a query in parentheses begins with; else they hold tables. */
  private static final Set<String> QUERY = Set.of("select", "with", "values", "table");

  /** First words of what outlives the transaction, or what it is measured by. */
  private static final Set<String> SESSION =
      Set.of("set", "reset", "discard", "listen", "notify", "prepare", "execute", "deallocate");

  /** Those of the installation that make, change or drop agents and what belongs to them. */
  private static final Set<String> OWN_FUNCTIONS =
      Set.of(
          "create_agent",
          "update_agent_details",
          "delete_agent",
          "create_agent_tables",
          "drop_agent_tables",
          "create_agent_indexes",
          "create_whatsapp_config",
          "update_whatsapp_config",
          "delete_whatsapp_config");

  /** Beginnings of the names of functions whose effect isn't undone with the transaction. */
  private static final List<String> LASTING_FUNCTIONS =
      List.of(
          "pg_terminate_backend",
          "pg_cancel_backend",
          "pg_reload_conf",
          "pg_sleep",
          "pg_advisory_",
          "pg_try_advisory_",
          "set_config",
          "query_to_xml",
          "dblink",
          "lo_");

  /** What to do instead of a foreign key to a table that is not the agent's. */
  static final String SHARED_REFERENCE =
      "Such a key would lock the shared table whenever an agent is made or deleted, and add triggers"
          + " to it for each agent. Keep the value without a key, check it in the statement that"
          + " writes it, and clean up where the row that it names is deleted.";

  private final Refusal refusal;

  /** Where a token stands, between parentheses or outside. */
  private enum Clause {
    /** In a list of tables. */
    FROM,
    /** Of a function that has a FROM of its own. */
    ARGUMENTS,
    OTHER
  }

  /** Makes the exception. */
  interface Refusal {
    SchemaException of(int line, String problem, String remedy);
  }

  StatementRules(Refusal refusal) {
    this.refusal = refusal;
  }

  void check(SqlStatement statement) {
    SqlToken first = statement.get(0);
    if (SESSION.contains(first.lower())) {
      throw refusal.of(
          first.line(),
          first.text() + " is not for a template",
          "A template leaves the session as it is, whose next transaction is somebody else's.");
    }
    checkCalls(statement);
    // In the head of a function, and behind REVOKE, FROM means something else.
    if (!FunctionName.isMadeBy(statement) && !VersionParts.isPrivilege(statement)) {
      checkTables(statement);
    }
  }

  private void checkCalls(SqlStatement statement) {
    for (int i = 0; i + 1 < statement.size(); i++) {
      SqlToken name = statement.get(i);
      if (name.is("u") && statement.isAt(i + 1, "&") && statement.get(i + 2).is(Kind.QUOTED)) {
        throw refusal.of(
            name.line(), "a name is written in escapes", "Write it with the letters that it has.");
      }
      String called = name.is(Kind.QUOTED) ? name.inner() : name.lower();
      boolean isCall = (name.is(Kind.WORD) || name.is(Kind.QUOTED)) && statement.isAt(i + 1, "(");
      if (isCall && (OWN_FUNCTIONS.contains(called) || isLasting(called))) {
        throw refusal.of(
            name.line(),
            called + " is not for a template",
            "A template is for one agent's tables, and leaves other agents and sessions alone.");
      }
    }
  }

  private static boolean isLasting(String function) {
    return LASTING_FUNCTIONS.stream().anyMatch(function::startsWith);
  }

  private void checkTables(SqlStatement statement) {
    Set<String> expressions = statement.namesOfExpressions();
    Deque<Clause> clauses = new ArrayDeque<>(List.of(Clause.OTHER));
    for (int i = 0; i < statement.size(); i++) {
      SqlToken token = statement.get(i);
      SqlToken before = statement.get(Math.max(i - 1, 0));
      if (token.is("(")) {
        clauses.push(inside(statement, i, clauses));
        if (clauses.peek() == Clause.FROM) {
          checkRead(statement, i + 1, expressions);
        }
      } else if (token.is(")") && clauses.size() > 1) {
        clauses.pop();
      } else if (AFTER_FROM.contains(token.lower()) && clauses.peek() == Clause.FROM) {
        replace(clauses, Clause.OTHER);
      } else if (token.is("table") && !before.is("new") && !before.is("old")) {
        requirePlaceholder(
            statement, statement.skip(i + 1, "if", "not", "exists", "only"), "table");
      } else if (token.is("references")) {
        requireOwnReference(statement, i + 1);
      } else if (token.is("into") || token.is("like") && (before.is("(") || before.is(","))) {
        requirePlaceholder(statement, i + 1, "table");
      } else if (token.is("update") && (i == 0 || before.is("(") || before.is(")"))
          || token.is("from") && before.is("delete")) {
        requirePlaceholder(statement, statement.skip(i + 1, "only"), "table");
      } else if (token.is("from") && !before.is("distinct") && clauses.peek() != Clause.ARGUMENTS) {
        replace(clauses, Clause.FROM);
        checkRead(statement, statement.skip(i + 1, "only", "lateral"), expressions);
      } else if (token.is("join")
          || token.is("using") && isListOfTables(statement, i)
          || token.is(",") && clauses.peek() == Clause.FROM) {
        checkRead(statement, statement.skip(i + 1, "only", "lateral"), expressions);
      }
    }
  }

  /** What the parentheses that open there hold. */
  private static Clause inside(SqlStatement statement, int open, Deque<Clause> clauses) {
    SqlToken before = statement.get(Math.max(open - 1, 0));
    if (FUNCTIONS_WITH_FROM.contains(before.lower())) {
      return Clause.ARGUMENTS;
    }
    boolean isSource =
        Stream.of("from", "join", "only").anyMatch(before::is)
            || clauses.peek() == Clause.FROM && (before.is(",") || before.is("("));
    boolean isQuery = QUERY.contains(statement.get(open + 1).lower());
    return isSource && !isQuery ? Clause.FROM : Clause.OTHER;
  }

  /** In DELETE … USING; a method of an index or a change of type follow USING elsewhere. */
  private static boolean isListOfTables(SqlStatement statement, int using) {
    boolean isQuery =
        Stream.of("delete", "with", "insert", "select", "update").anyMatch(statement.get(0)::is);
    return isQuery && !statement.isAt(using + 1, "(");
  }

  private static void replace(Deque<Clause> clauses, Clause clause) {
    clauses.pop();
    clauses.push(clause);
  }

  /** Tables that all agents share are named with their schema, which no slip of the pen does. */
  private void checkRead(SqlStatement statement, int at, Set<String> expressions) {
    SqlToken source = statement.get(at);
    boolean isName = source.is(Kind.WORD) || source.is(Kind.QUOTED);
    boolean continues = statement.isAt(at + 1, ".") || statement.isAt(at + 1, "(");
    if (isName && !continues && !expressions.contains(source.lower())) {
      throw refusal.of(
          source.line(),
          "the table " + source.text() + " is named without a placeholder",
          "Write {"
              + source.lower()
              + "} for the agent's own table, or schema.table for one that all"
              + " agents share.");
    }
  }

  private void requireOwnReference(SqlStatement statement, int at) {
    SqlToken table = statement.get(at);
    if (!table.is(Kind.PLACEHOLDER)) {
      throw refusal.of(
          table.line(), "a foreign key refers to a table that isn't the agent's", SHARED_REFERENCE);
    }
  }

  private void requirePlaceholder(SqlStatement statement, int at, String what) {
    boolean isPlaceholder = at < statement.size() && statement.get(at).is(Kind.PLACEHOLDER);
    if (!isPlaceholder || statement.isAt(at + 1, ".")) {
      SqlToken found = statement.get(at);
      throw refusal.of(
          found.line(),
          "the " + what + " " + found.text() + " is named without a placeholder",
          "Write {" + found.lower() + "}, which becomes the agent's own.");
    }
  }
}
