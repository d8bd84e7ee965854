package dev.dovetable.schema.migration;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.migration.SqlToken.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a statement of a template may be, and that it names tables by placeholders. Against
 * oversights, not against an attacker: whoever writes templates may do anything anyway. Immutable.
 */
final class StatementRules {
  private static final List<String> STATEMENTS =
      List.of(
          "create table",
          "create unlogged table",
          "create index",
          "create unique index",
          "create trigger",
          "create or replace trigger",
          "create constraint trigger",
          "create policy",
          "alter table",
          "alter index",
          "alter policy",
          "drop table",
          "drop index",
          "drop trigger",
          "drop policy",
          "comment on",
          "insert into",
          "update",
          "delete from",
          "with",
          "select");

  private static final Map<String, String> NEVER =
      Map.of(
          "concurrently", "Leave it out: a template is run in a transaction.",
          "rename to", "Make a new table or index: the old name is known as the agent's.",
          "set schema", "An agent's tables stay in the schema of the others.",
          "owner to", "An agent's tables belong to the role that installs.",
          "disable row", "Every table of an agent has row level security.",
          "partition of", "An agent's tables are no partitions.",
          "inherits", "An agent's tables don't inherit.");

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

  private final Refusal refusal;
  private final ProtectionRules protection;

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
    this.protection = new ProtectionRules(refusal);
  }

  void check(SqlStatement statement) {
    String start = statement.start();
    int line = statement.get(0).line();
    if (STATEMENTS.stream().noneMatch(allowed -> start.startsWith(allowed + " "))) {
      throw refusal.of(
          line,
          "\"" + start.strip() + " …\" is not for a template",
          "Templates make and change tables, indexes, triggers, policies and rows of one agent."
              + " Make functions and types once, in a migration of the application's own.");
    }
    NEVER.forEach((words, why) -> refuse(statement, words, why));
    protection.check(statement, start);
    if (start.startsWith("comment on column ")) {
      requirePlaceholder(statement, 3, "table", true);
    }
    checkOwner(statement, start);
    checkTables(statement);
  }

  private void refuse(SqlStatement statement, String words, String why) {
    for (int i = 0; i < statement.size(); i++) {
      if (statement.isAt(i, words.split(" "))) {
        throw refusal.of(
            statement.get(i).line(),
            words.toUpperCase(Locale.ROOT) + " is not for a template",
            why);
      }
    }
  }

  /** The table that an index, a trigger or a policy is on, and the name of an index. */
  private void checkOwner(SqlStatement statement, String start) {
    if (Stream.of("index", "trigger", "policy")
        .noneMatch(kind -> start.contains(" " + kind + " "))) {
      return;
    }
    boolean isIndex = start.contains(" index ");
    if (isIndex) {
      int name = statement.skip(statement.indexOf("index") + 1, "if", "not", "exists");
      if (name < statement.size() && !statement.get(name).is("on")) {
        requirePlaceholder(statement, name, "index");
      }
    }
    int on =
        start.startsWith("comment on ") ? statement.lastIndexOf("on") : statement.indexOf("on");
    if (on >= 0 && !(isIndex && start.startsWith("comment on "))) {
      requirePlaceholder(statement, statement.skip(on + 1, "only"), "table");
    }
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
      } else if (token.is("table")) {
        requirePlaceholder(
            statement, statement.skip(i + 1, "if", "not", "exists", "only"), "table");
      } else if (token.is("into")
          || token.is("references")
          || token.is("partition") && (before.is("attach") || before.is("detach"))
          || token.is("like") && (before.is("(") || before.is(","))) {
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

  private void requirePlaceholder(SqlStatement statement, int at, String what) {
    requirePlaceholder(statement, at, what, false);
  }

  private void requirePlaceholder(SqlStatement statement, int at, String what, boolean withColumn) {
    boolean isPlaceholder = at < statement.size() && statement.get(at).is(Kind.PLACEHOLDER);
    boolean isQualified = statement.isAt(at + 1, ".");
    if (!isPlaceholder || isQualified != withColumn) {
      SqlToken found = statement.get(at);
      throw refusal.of(
          found.line(),
          "the " + what + " " + found.text() + " is named without a placeholder",
          "Write {" + found.lower() + "}, which becomes the agent's own.");
    }
  }
}
