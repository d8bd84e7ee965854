package dev.dovetable.schema.migration;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.internal.files.Script;
import dev.dovetable.schema.migration.SqlToken.Kind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What may stand in a template: statements that change one agent's tables, each of which is named
 * by a placeholder. Looked at as text, before the database has seen it: the placeholders here, the
 * statements in {@link StatementRules}. Not thread-safe.
 */
final class ExtensionRules {
  static final Set<String> BUILT_IN = Set.of("customers", "messages", "orders", "orders_items");

  /** The schema of this library's own functions, and that of what applications call. */
  private static final Set<String> SCHEMAS = Set.of(FunctionName.PRIVATE, FunctionName.API);

  /** Which of these may be called. */
  private static final Set<String> CALLABLE =
      Set.of("touch_updated_at", "forget_message", "keep_sender", "phone_key", "watch_table");

  private static final String NOT_FOR_COMMENTS =
      "The library says there whose the function is. Write what it is for into the file.";

  /**
   * In a comment: whose names a file may use besides, in functions that look whether they are
   * there.
   */
  private static final Pattern OTHERS =
      Pattern.compile("(?m)^-- Tables of other extensions: ([a-z0-9_]+(?:, [a-z0-9_]+)*)");

  private static final Set<String> VALUES =
      Set.of("agent_id", "agent_prefix", FunctionName.PRIVATE, FunctionName.API);
  private static final Pattern ANY_PLACEHOLDER = Pattern.compile("\\{(\\w+)\\}");
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

  /** The rest of PostgreSQL's 63 bytes is for the prefix and an underscore. */
  private static final int MAX_NAME = 42;

  private final String extension;
  private final Script script;
  private final Set<String> known = new LinkedHashSet<>(BUILT_IN);
  private final Set<String> made = new LinkedHashSet<>();
  private final Set<String> functions = new LinkedHashSet<>();

  private ExtensionRules(String extension, Script script, Set<String> madeBefore) {
    this.extension = extension;
    this.script = script;
    known.addAll(madeBefore);
  }

  /**
   * The template in a file.
   *
   * @param madeBefore the tables and functions that earlier versions of the extension make
   * @throws SchemaException if it breaks a rule, with file and line
   */
  static ExtensionVersion check(
      String extension, int version, Script script, Set<String> madeBefore) {
    ExtensionRules rules = new ExtensionRules(extension, script, madeBefore);
    Matcher others = OTHERS.matcher(script.text());
    while (others.find()) {
      rules.known.addAll(List.of(others.group(1).split(", ")));
    }
    List<SqlStatement> statements = SqlStatement.all(script.text());
    statements.forEach(rules::collectTables);
    statements.forEach(rules::collectFunctions);
    List<String> names = rules.names();
    statements.forEach(rules::checkValues);
    statements.forEach(rules::checkFunctions);
    statements.forEach(new StatementRules(rules::refused)::check);
    rules.checkBuilds(statements);
    return new ExtensionVersion(
        extension,
        version,
        script,
        names,
        List.copyOf(rules.made),
        List.copyOf(rules.functions),
        VersionParts.of(script.text(), statements));
  }

  private void collectTables(SqlStatement statement) {
    int table = statement.indexOf("table");
    boolean makesOne = Set.of(1, 2).contains(table) && statement.start().startsWith("create ");
    SqlToken name = statement.get(statement.skip(table + 1, "if", "not", "exists"));
    if (!makesOne || !name.is(Kind.PLACEHOLDER)) {
      return;
    }
    if (known.contains(name.text())) {
      throw refused(
          name.line(),
          "there is a table {" + name.text() + "} already",
          "Choose another name, or change the table by ALTER TABLE.");
    }
    known.add(name.text());
    made.add(name.text());
  }

  private void collectFunctions(SqlStatement statement) {
    FunctionName function = FunctionName.of(statement);
    boolean isMade = FunctionName.isMadeBy(statement);
    if (function.isOfAgent() && isMade && known.add(function.name())) {
      functions.add(function.name());
    }
    if (function.isShared()) {
      requireSharedName(statement, function);
    }
    boolean isComment = statement.get(0).is("comment") && !function.name().isEmpty();
    if (isComment) {
      throw refused(function.line(), "a function has a comment", NOT_FOR_COMMENTS);
    }
  }

  private void checkBuilds(List<SqlStatement> statements) {
    if (statements.stream().noneMatch(VersionParts::isBuild)) {
      return;
    }
    for (SqlStatement statement : statements) {
      if (!VersionParts.isBuild(statement)) {
        throw refused(
            statement.line(),
            "it stands beside an index that is built concurrently",
            "Such indexes have a file of their own: what is built outside of a transaction can't be"
                + " taken back with what else the file does.");
      }
      SqlToken name = statement.get(statement.indexOf("concurrently") + 1);
      if (!name.is(Kind.PLACEHOLDER)) {
        throw refused(
            name.line(),
            "an index that is built concurrently has no name of its own",
            "Name it: create index concurrently {customers_email_idx} on {customers} (email).");
      }
    }
  }

  private void requireSharedName(SqlStatement statement, FunctionName function) {
    if (!function.name().startsWith(extension + "_")) {
      throw refused(
          function.line(),
          "{crm}." + function.name() + " is not a function of this extension",
          "Functions that all agents share begin with its name: {crm}." + extension + "_….");
    }
    for (SqlToken token : statement.withBodies().tokens()) {
      boolean isOfAgent = token.is(Kind.PLACEHOLDER) && !SCHEMAS.contains(token.text());
      if (isOfAgent) {
        throw refused(
            token.line(),
            "a function that all agents share names {" + token.text() + "} of one",
            "Make it one of each agent: {crm}.{" + function.name() + "}.");
      }
    }
  }

  /** It becomes a literal, which ends a literal that it stands in. */
  private void checkValues(SqlStatement written) {
    SqlStatement statement = FunctionName.isMadeBy(written) ? written.withBodies() : written;
    for (SqlToken token : statement.tokens()) {
      if (token.is(Kind.STRING) && token.text().contains("{agent_prefix}")) {
        throw refused(
            token.line(),
            "the placeholder {agent_prefix} stands in a literal",
            "It is a literal itself: write '…' || {agent_prefix}.");
      }
    }
  }

  private void checkFunctions(SqlStatement written) {
    SqlStatement statement = FunctionName.isMadeBy(written) ? written.withBodies() : written;
    for (int i = 0; i < statement.size(); i++) {
      SqlToken token = statement.get(i);
      boolean isCall = statement.isAt(i + 1, ".") && statement.isAt(i + 3, "(");
      boolean isSchema = token.is(Kind.PLACEHOLDER) && SCHEMAS.contains(token.text());
      boolean isInLiteral = SCHEMAS.stream().anyMatch(s -> token.text().contains('{' + s + '}'));
      if (isSchema && !isCall || isInLiteral) {
        throw refused(
            token.line(),
            "the placeholder {crm} or {api} stands without a function",
            "It is a schema of functions: write {crm}.touch_updated_at().");
      }
      if (token.isPlaceholder(FunctionName.API)) {
        requireShared(written, token, statement.get(i + 2));
      }
      if (isSchema && !isCallable(statement.get(i + 2))) {
        throw refused(
            token.line(),
            "{crm}." + statement.get(i + 2).text() + " is not for a template",
            "Templates may call {crm}.touch_updated_at(), as the function of a trigger,"
                + " {crm}.watch_table({agent_id}, {agent_prefix}, 'name'), and functions of their own: {crm}.{name}() of each agent, {crm}."
                + extension
                + "_name() of all.");
      }
    }
  }

  /** What each agent has is for triggers, which find it in the private schema. */
  private void requireShared(SqlStatement statement, SqlToken schema, SqlToken function) {
    if (!FunctionName.of(statement).isShared() || function.is(Kind.PLACEHOLDER)) {
      throw refused(
          schema.line(),
          "{api} is for functions that all agents share",
          "Make {api}." + extension + "_… for applications to call, and all others in {crm}.");
    }
  }

  private boolean isCallable(SqlToken function) {
    return function.is(Kind.PLACEHOLDER)
        ? known.contains(function.text())
        : CALLABLE.contains(function.lower()) || function.lower().startsWith(extension + "_");
  }

  /** All placeholders, those in literals too, because they are replaced there as well. */
  private List<String> names() {
    Set<String> names = new LinkedHashSet<>();
    List<String> lines = script.text().lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      Matcher placeholder = ANY_PLACEHOLDER.matcher(lines.get(i));
      while (placeholder.find()) {
        String name = placeholder.group(1);
        if (!VALUES.contains(name)) {
          requireName(name, i + 1);
          names.add(name);
        }
      }
    }
    return List.copyOf(names);
  }

  private void requireName(String name, int line) {
    if (!NAME.matcher(name).matches() || name.length() > MAX_NAME) {
      throw refused(
          line,
          "the placeholder {" + name + "} is malformed",
          "Use up to " + MAX_NAME + " lower-case letters, digits and underscores.");
    }
    if (TableNames.isOfAnotherAgent(name, known)) {
      throw refused(
          line, "the placeholder {" + name + "} could be a table of two agents", TableNames.REMEDY);
    }
    boolean isKnown =
        known.stream().anyMatch(table -> name.equals(table) || name.startsWith(table + "_"));
    if (!isKnown) {
      throw refused(
          line,
          "the placeholder {" + name + "} is unknown",
          "There are {agent_id}, {agent_prefix}, {crm}, {api}, and the tables "
              + known.stream().sorted().map(t -> "{" + t + "}").collect(Collectors.joining(", "))
              + "; what belongs to a table is named after it, such as {customers_email_idx}."
              + " Write array[…] for an array literal.");
    }
  }

  private SchemaException refused(int line, String problem, String remedy) {
    return new SchemaException(
        Reason.INVALID_TEMPLATE,
        "Extension " + extension + ", " + script.path() + ", line " + line + ": " + problem + ".",
        remedy);
  }
}
