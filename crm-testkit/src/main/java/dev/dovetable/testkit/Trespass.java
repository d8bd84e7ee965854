package dev.dovetable.testkit;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.jooq.TenantTables;
import dev.dovetable.testkit.internal.FictionalNumbers;
import dev.dovetable.testkit.internal.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
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
      return in(scope, Attempts::make, other, otherId);
    } catch (AccessDeniedException e) {
      // Who isn't signed in may not even look the agent up, but can still be let into a table.
      return in(other, Attempts::makeAsAnonymous, other, otherId);
    }
  }

  private interface Work {
    Trespass run(Attempts attempts) throws SQLException;
  }

  private static Trespass in(TenantScope scope, Work work, TenantScope other, long agentId) {
    try {
      scope.transaction(
          tx ->
              tx.dsl()
                  .connectionResult(
                      connection -> {
                        // Past the library's own connection: this one changes its role.
                        Connection raw = connection.unwrap(BaseConnection.class);
                        throw new Undo(work.run(new Attempts(raw, other, agentId)));
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
    private final String prefix;
    private final long agentId;
    private final List<String> succeeded = new ArrayList<>();

    Attempts(Connection connection, TenantScope other, long agentId) {
      this.connection = connection;
      this.dsl = DSL.using(connection, SQLDialect.POSTGRES);
      this.tables = other.tables();
      this.prefix = other.prefix();
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
      plant(extensionTables(PLANTED));
      List<Target> targets = new ArrayList<>();
      rows(INTRUDING)
          .forEach(
              (table, row) ->
                  targets.add(
                      target(
                          table,
                          DSL.field(DSL.name("id")),
                          Optional.of(sequence(table).toString()),
                          dsl.insertInto(table).set(row))));
      for (ExtensionTable made : extensionTables(INTRUDING)) {
        targets.add(target(made.table(), made.column(), made.sequence(), made.insert()));
      }
      become(role);
      // TRUNCATE waits for every reader.
      dsl.execute("set local lock_timeout = '2s'");
      for (Target target : targets) {
        attempt(target);
      }
      String user = actor.get(1, String.class);
      return new Trespass(user == null ? role : role + " (user " + user + ")", succeeded);
    }

    private List<ExtensionTable> extensionTables(int id) {
      String schema = tables.customers().getQualifiedName().first();
      return ExtensionTable.of(dsl, schema, prefix, agentId, id);
    }

    /** Tables may refer to each other, so what fails is tried again after the others. */
    private void plant(List<ExtensionTable> all) throws SQLException {
      List<ExtensionTable> empty = all;
      for (int round = 0; round < all.size() && !empty.isEmpty(); round++) {
        List<ExtensionTable> failed = new ArrayList<>();
        for (ExtensionTable made : empty) {
          if (!isPlanted(made)) {
            failed.add(made);
          }
        }
        empty = failed;
      }
      for (ExtensionTable made : empty) {
        if (!dsl.fetchExists(made.table())) {
          succeeded.add(
              "read %s, for all that is known: it is empty, and a row of the kit's own breaks its"
                      .formatted(nameOf(made.table()))
                  + " constraints, so put one in first");
        }
      }
    }

    private boolean isPlanted(ExtensionTable made) throws SQLException {
      Savepoint before = connection.setSavepoint();
      try {
        made.insert().execute();
        return true;
      } catch (DataAccessException e) {
        connection.rollback(before);
        return false;
      }
    }

    /** What is attempted: a table, a row for it, and where its sequence stands. */
    private record Target(
        Table<?> table, Field<?> column, Query insert, Optional<Sequence> sequence) {}

    private record Sequence(String name, Record position) {}

    private Target target(
        Table<?> table, Field<?> column, Optional<String> sequence, Query insert) {
      return new Target(
          table, column, insert, sequence.map(name -> new Sequence(name, position(name))));
    }

    private void attempt(Target target) throws SQLException {
      Table<?> table = target.table();
      Field<?> column = target.column();
      attempt("read", table, () -> dsl.fetchCount(table));
      attempt("insert into", table, () -> target.insert().execute());
      attempt("update", table, () -> dsl.update(table).set(Map.of(column, column)).execute());
      attempt("delete from", table, () -> dsl.deleteFrom(table).execute());
      attempt("truncate", table, () -> 1 + dsl.truncate(table).cascade().execute());
      if (target.sequence().isPresent()) {
        Sequence sequence = target.sequence().get();
        // A sequence is not put back by a rollback, so it is set to what it is.
        attempt(
            "set the sequence of",
            table,
            () -> dsl.fetch(Sql.text("set_sequence.sql"), sequence.position().intoArray()).size());
        attempt(
            "read the sequence of",
            table,
            () -> dsl.fetch("select last_value from {0}", DSL.sql(sequence.name())).size());
      }
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
          succeeded.add(verb + " " + nameOf(table));
        }
      } catch (DataAccessException e) {
        if (!DENIED.equals(e.sqlState())) {
          String why = LOCKED.equals(e.sqlState()) ? "a lock" : "SQLSTATE " + e.sqlState();
          succeeded.add("%s %s, were it not for %s".formatted(verb, nameOf(table), why));
        }
      }
      connection.rollback(before);
    }

    private void become(String role) {
      dsl.fetch("select set_config('role', {0}, true)", DSL.val(role));
    }

    private Record position(String sequence) {
      return dsl.fetchSingle(Sql.text("sequence_position.sql"), DSL.val(sequence));
    }

    private static @Nullable String nameOf(Table<?> table) {
      return table.getUnqualifiedName().last();
    }

    private static Table<?> sequence(Table<?> table) {
      String name = table.getUnqualifiedName().last() + "_id_seq";
      return DSL.table(table.getQualifiedName().qualifier().append(name));
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
