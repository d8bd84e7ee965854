package dev.dovetable.schema.migration;

/**
 * Which function a statement makes, changes or drops, or whose privileges it changes: one of the
 * private schema, or one beside the tables.
 *
 * @param kind whether there is one
 * @param name without the agent's prefix; empty if there is none
 * @param line where it stands
 * @param isInApi whether it is beside the tables, where PostgREST finds it: {@code {api}.name}
 */
record FunctionName(Kind kind, String name, int line, boolean isInApi) {
  static final String PRIVATE = "crm";
  static final String API = "api";

  enum Kind {
    /** Each agent has it: {@code {crm}.{name}}. */
    OF_AGENT,
    /** All agents use it: {@code {crm}.name}. */
    SHARED,
    /** The statement is about something else. */
    NONE
  }

  static FunctionName of(SqlStatement statement) {
    int function = statement.indexOf("function");
    boolean isAbout =
        function > 0
            && switch (statement.get(0).lower()) {
              case "create" -> function == 1 || statement.isAt(1, "or", "replace", "function");
              case "alter", "drop" -> function == 1;
              case "comment" -> statement.isAt(1, "on", "function");
              case "grant", "revoke" -> statement.get(function - 1).is("on");
              default -> false;
            };
    int schema = statement.skip(function + 1, "if", "exists");
    boolean isOurs =
        isAbout
            && (statement.get(schema).isPlaceholder(PRIVATE)
                || statement.get(schema).isPlaceholder(API))
            && statement.isAt(schema + 1, ".");
    SqlToken name = statement.get(schema + 2);
    if (!isOurs) {
      return new FunctionName(Kind.NONE, "", statement.line(), false);
    }
    boolean isOfAgent = name.is(SqlToken.Kind.PLACEHOLDER);
    return new FunctionName(
        isOfAgent ? Kind.OF_AGENT : Kind.SHARED,
        isOfAgent ? name.text() : name.lower(),
        name.line(),
        statement.get(schema).isPlaceholder(API));
  }

  /** As it is kept: with {@code {api}.} ahead of it if it is beside the tables. */
  String qualified() {
    return isInApi ? '{' + API + "}." + name : name;
  }

  boolean isShared() {
    return kind == Kind.SHARED;
  }

  boolean isOfAgent() {
    return kind == Kind.OF_AGENT;
  }

  /** Whether the statement is {@code CREATE FUNCTION}, whose body is a literal. */
  static boolean isMadeBy(SqlStatement statement) {
    return statement.get(0).is("create") && of(statement).kind() != Kind.NONE;
  }
}
