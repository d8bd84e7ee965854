package dev.dovetable.schema.migration;

import dev.dovetable.schema.migration.SqlToken.Kind;
import dev.dovetable.schema.migration.StatementRules.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a statement of a template must leave alone: this library's tables, columns, triggers and
 * policies, other agents, and the session. Against oversights, like {@link StatementRules}.
 * Immutable.
 */
final class ProtectionRules {
  private static final Map<String, Set<String>> COLUMNS =
      Map.of(
          "customers", Set.of("id", "agent_id", "name", "phone", "created_at"),
          "messages", Set.of("id", "customer_id", "message", "direction", "timestamp"),
          "orders",
              Set.of(
                  "id",
                  "customer_id",
                  "total_amount",
                  "status",
                  "notes",
                  "shipping_address",
                  "created_at",
                  "updated_at"),
          "orders_items",
              Set.of("id", "order_id", "name", "quantity", "price", "total", "created_at"));

  private static final Set<String> TRIGGERS =
      Set.of("keep_order", "items_inserted", "items_updated", "items_deleted", "items_truncated");

  /** Beginnings of the names of functions that reach beyond the agent or the transaction. */
  private static final List<String> FUNCTIONS =
      List.of(
          "set_config",
          "pg_advisory_",
          "pg_try_advisory_",
          "pg_terminate_backend",
          "pg_cancel_backend",
          "pg_reload_conf",
          "pg_sleep",
          "dblink",
          "query_to_xml",
          "lo_",
          "create_agent",
          "update_agent_details",
          "delete_agent",
          "drop_agent_tables",
          "create_whatsapp_config",
          "update_whatsapp_config",
          "delete_whatsapp_config");

  private static final List<String> OPEN_ROLES = List.of("authenticated", "anon", "public");

  private final Refusal refusal;

  ProtectionRules(Refusal refusal) {
    this.refusal = refusal;
  }

  void check(SqlStatement statement, String start) {
    checkCalls(statement);
    checkInto(statement);
    if (start.startsWith("drop table ") || start.startsWith("drop index ")) {
      checkDropped(statement);
    } else if (start.startsWith("alter table ")) {
      checkColumns(statement);
    } else if (start.contains("policy ")) {
      checkPolicy(statement, start);
    } else if (start.startsWith("drop trigger ")) {
      SqlToken name = statement.get(statement.skip(2, "if", "exists"));
      refuseIf(TRIGGERS.contains(name.lower()), name, "It keeps the totals of orders.");
    }
  }

  private void checkCalls(SqlStatement statement) {
    for (int i = 0; i + 1 < statement.size(); i++) {
      SqlToken name = statement.get(i);
      boolean isCall = name.is(Kind.WORD) && statement.isAt(i + 1, "(");
      refuseIf(
          isCall && FUNCTIONS.stream().anyMatch(name.lower()::startsWith),
          name,
          "A template is for one agent's tables, and leaves the session and others alone.");
    }
  }

  private void checkInto(SqlStatement statement) {
    for (int i = 1; i < statement.size(); i++) {
      refuseIf(
          statement.get(i).is("into") && !statement.get(i - 1).is("insert"),
          statement.get(i),
          "Make a table by CREATE TABLE … AS, so that it gets row level security.");
    }
  }

  private void checkDropped(SqlStatement statement) {
    for (int i = statement.skip(2, "if", "exists"); i < statement.size(); i++) {
      SqlToken token = statement.get(i);
      boolean isOther =
          !token.is(Kind.PLACEHOLDER) && Stream.of(",", "cascade", "restrict").noneMatch(token::is);
      refuseIf(isOther, token, "Write {" + token.lower() + "}, which becomes the agent's own.");
      refuseIf(
          token.is(Kind.PLACEHOLDER) && COLUMNS.containsKey(token.text()),
          token,
          "It is one of the four tables that every agent has.");
    }
  }

  private void checkColumns(SqlStatement statement) {
    SqlToken table = statement.get(statement.skip(2, "if", "exists", "only"));
    Set<String> own = COLUMNS.getOrDefault(table.text(), Set.of());
    for (int i = 2; i < statement.size(); i++) {
      SqlToken action = statement.get(i);
      refuseIf(
          action.is("disable")
              && (statement.isAt(i + 1, "trigger") || statement.isAt(i + 1, "rule")),
          action,
          "Triggers keep the totals of orders, and foreign keys.");
      refuseIf(
          action.is("inherit") && !statement.get(i - 1).is("no"),
          action,
          "An agent's tables don't inherit.");
      if (action.is("drop") || action.is("rename") || action.is("alter")) {
        SqlToken column = statement.get(statement.skip(i + 1, "column", "if", "exists"));
        refuseIf(
            own.contains(column.lower()) || column.is(Kind.QUOTED) && own.contains(inner(column)),
            column,
            "It is a column of {" + table.text() + "} that this library works with.");
      }
    }
  }

  /** Policies are joined by OR, so that one more can open a table, and none can close it. */
  private void checkPolicy(SqlStatement statement, String start) {
    SqlToken name = statement.get(statement.skip(statement.indexOf("policy") + 1, "if", "exists"));
    boolean isOurs =
        name.is(Kind.PLACEHOLDER)
            && (name.text().endsWith("_access") || name.text().endsWith("_service"));
    refuseIf(
        isOurs && !start.startsWith("comment "),
        name,
        "It is the policy that keeps other agents' users out.");
    if (start.startsWith("create policy ") && statement.indexOf("restrictive") < 0) {
      int to = statement.indexOf("to");
      boolean isOpen =
          to < 0 || OPEN_ROLES.stream().anyMatch(role -> isAmongRoles(statement, to + 1, role));
      refuseIf(
          isOpen,
          name,
          "It would open the table to users of other agents: make it AS RESTRICTIVE, or TO a role of"
              + " the application's own.");
    }
  }

  private static boolean isAmongRoles(SqlStatement statement, int from, String role) {
    for (int i = from; i < statement.size(); i++) {
      SqlToken token = statement.get(i);
      if (token.is("using") || token.is("with")) {
        return false;
      }
      if (token.is(role) || token.is(Kind.QUOTED) && inner(token).equals(role)) {
        return true;
      }
    }
    return false;
  }

  /** A quoted name without its quotes. */
  private static String inner(SqlToken quoted) {
    return quoted.text().replace("\"", "");
  }

  private void refuseIf(boolean isWrong, SqlToken token, String why) {
    if (isWrong) {
      throw refusal.of(token.line(), token.text() + " is not for a template here", why);
    }
  }
}
