package dev.wacrm.testkit;

import dev.wacrm.core.AccessDeniedException;
import dev.wacrm.core.TenantScope;
import dev.wacrm.core.TenantTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.postgresql.core.BaseConnection;

/**
 * What somebody could do in another agent's tables.
 *
 * @param who the role and the user's id
 * @param succeeded what they could do
 */
record Trespass(String who, List<String> succeeded) {

  /** Carries the findings out of a transaction that must not be committed. */
  private static final class Undo extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Trespass found;

    private Undo(Trespass found) {
      super(null, null, false, false);
      this.found = found;
    }
  }

  static Trespass attempt(TenantScope scope, TenantScope other) {
    long otherId = other.agentId();
    try {
      return in(scope, Attempts::make, other.tables(), otherId);
    } catch (AccessDeniedException e) {
      // Who isn't signed in may not even look the agent up, but can still be let into a table.
      return in(other, Attempts::makeAsAnonymous, other.tables(), otherId);
    }
  }

  private interface Work {
    Trespass run(Attempts attempts) throws SQLException;
  }

  private static Trespass in(TenantScope scope, Work work, TenantTables tables, long agentId) {
    try {
      scope.transaction(
          tx ->
              tx.dsl()
                  .connectionResult(
                      connection -> {
                        // Past the library's own connection: this one changes its role.
                        Connection raw = connection.unwrap(BaseConnection.class);
                        throw new Undo(work.run(new Attempts(raw, tables, agentId)));
                      }));
      throw new IllegalStateException("the attempts were not made");
    } catch (Undo undo) {
      return undo.found;
    }
  }

  /** Belongs to one thread and one transaction. */
  private static final class Attempts {
    private static final String DENIED = "42501";
    private static final String LOCKED = "55P03";
    private static final int PLANTED = Integer.MIN_VALUE;
    private static final int INTRUDING = Integer.MIN_VALUE + 1;

    private final Connection connection;
    private final DSLContext dsl;
    private final TenantTables tables;
    private final long agentId;
    private final List<String> succeeded = new ArrayList<>();

    Attempts(Connection connection, TenantTables tables, long agentId) {
      this.connection = connection;
      this.dsl = DSL.using(connection, SQLDialect.POSTGRES);
      this.tables = tables;
      this.agentId = agentId;
    }

    Trespass makeAsAnonymous() throws SQLException {
      dsl.fetch(
          "select set_config('role', 'anon', true), set_config('request.jwt.claims', {0}, true)",
          DSL.val("{\"role\":\"anon\"}"));
      return make();
    }

    Trespass make() throws SQLException {
      Record actor = dsl.fetchSingle(Sql.text("who_acts.sql"));
      String role = actor.get(0, String.class);
      become("service_role");
      rows(PLANTED).forEach((table, row) -> dsl.insertInto(table).set(row).execute());
      List<Target> targets = new ArrayList<>();
      rows(INTRUDING).forEach((table, row) -> targets.add(new Target(table, row, position(table))));
      become(role);
      // TRUNCATE waits for every reader.
      dsl.execute("set local lock_timeout = '2s'");
      for (Target target : targets) {
        attempt(target);
      }
      String user = actor.get(1, String.class);
      return new Trespass(user == null ? role : role + " (user " + user + ")", succeeded);
    }

    /** What is attempted: a table, a row for it, and where its sequence stands. */
    private record Target(Table<?> table, Map<Field<?>, Object> row, Record position) {}

    private void attempt(Target target) throws SQLException {
      Table<?> table = target.table();
      Field<Integer> id = id(table);
      attempt("read", table, () -> dsl.fetchCount(table));
      attempt("insert into", table, () -> dsl.insertInto(table).set(target.row()).execute());
      attempt("update", table, () -> dsl.update(table).set(id, id).execute());
      attempt("delete from", table, () -> dsl.deleteFrom(table).execute());
      attempt("truncate", table, () -> 1 + dsl.truncate(table).cascade().execute());
      // A sequence is not put back by a rollback, so it is set to what it is.
      attempt(
          "set the sequence of",
          table,
          () -> dsl.fetch(Sql.text("set_sequence.sql"), target.position().intoArray()).size());
      attempt(
          "read the sequence of",
          table,
          () -> dsl.fetch("select last_value from {0}", sequence(table)).size());
    }

    private interface Try {
      int run();
    }

    /** In a savepoint, so that each attempt finds the same rows. */
    private void attempt(String verb, Table<?> table, Try work) throws SQLException {
      Savepoint before = connection.setSavepoint();
      try {
        int rows = work.run();
        if (rows > 0) {
          succeeded.add(verb + " " + table.getUnqualifiedName().last());
        }
      } catch (DataAccessException e) {
        if (!DENIED.equals(e.sqlState())) {
          String why = LOCKED.equals(e.sqlState()) ? "a lock" : "SQLSTATE " + e.sqlState();
          succeeded.add(
              "%s %s, were it not for %s".formatted(verb, table.getUnqualifiedName().last(), why));
        }
      }
      connection.rollback(before);
    }

    private void become(String role) {
      dsl.fetch("select set_config('role', {0}, true)", DSL.val(role));
    }

    private Record position(Table<?> table) {
      return dsl.fetchSingle(
          Sql.text("sequence_position.sql"), DSL.val(sequence(table).toString()));
    }

    private static Table<?> sequence(Table<?> table) {
      String name = table.getUnqualifiedName().last() + "_id_seq";
      return DSL.table(table.getQualifiedName().qualifier().append(name));
    }

    private static Field<Integer> id(Table<?> table) {
      return table.field("id", Integer.class);
    }

    /** One row for each table, in the order in which they refer to each other. */
    private Map<Table<?>, Map<Field<?>, Object>> rows(int id) {
      var customers = tables.customers();
      var messages = tables.messages();
      var orders = tables.orders();
      var items = tables.ordersItems();
      Map<Table<?>, Map<Field<?>, Object>> rows = new LinkedHashMap<>();
      rows.put(
          customers,
          Map.of(
              customers.ID,
              id,
              customers.AGENT_ID,
              agentId,
              customers.NAME,
              "Planted",
              customers.PHONE,
              FictionalNumbers.nth(0)));
      rows.put(
          messages,
          Map.of(
              messages.ID,
              id,
              messages.CUSTOMER_ID,
              PLANTED,
              messages.MESSAGE,
              "",
              messages.DIRECTION,
              "inbound",
              messages.TIMESTAMP,
              Instant.EPOCH));
      rows.put(orders, Map.of(orders.ID, id, orders.CUSTOMER_ID, PLANTED));
      rows.put(items, Map.of(items.ID, id, items.ORDER_ID, PLANTED, items.NAME, "Planted"));
      return rows;
    }
  }
}
