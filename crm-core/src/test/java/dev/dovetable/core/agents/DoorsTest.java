package dev.dovetable.core.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.users.UserChanges;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.schema.migration.AgentMigrations;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Who somebody is doesn't hang on the way in: each operation on each table ends alike for a session
 * that has taken on the role, for a transaction such as PostgREST begins, and through a scope. What
 * the end is, {@code matrix.txt} of crm-schema says for the first.
 */
class DoorsTest extends DatabaseTest {
  private static final String CLAIMS = "{\"role\": \"authenticated\", \"sub\": \"%s\"}";

  private static final String INVALID = "invalid";

  private static final Map<String, UUID> actors = new LinkedHashMap<>();
  private static Agent agent;

  @BeforeAll
  static void people() {
    AgentMigrations.builder(Webhooks.extension())
        .schema(Installed.SCHEMA)
        .build()
        .run(database.dataSource());
    agent = newAgent("doors");
    newAgent("other");
    actors.put("owner", agent.userId().orElseThrow());
    for (String name : List.of("member", "former member", "stranger")) {
      actors.put(name, newUser(UserRole.AGENT).id());
    }
    actors.put("admin", newUser(UserRole.ADMIN).id());
    actors.put("demoted", newUser(UserRole.ADMIN).id());
    AgentMembers members = crm.asService().agents().members("doors");
    members.add(actors.get("member"));
    members.add(actors.get("former member"));
    members.remove(actors.get("former member"));
    crm.asService().users().update(actors.get("demoted"), UserChanges.none().role(UserRole.AGENT));
    int customer = crm.asAgent("doors").customers().create(new NewCustomer("Ada", "1")).id();
    crm.asAgent("doors").messages().recordInbound(customer, "hello");
  }

  /** A statement, and what PostgREST makes of it. */
  private record Operation(String sql, String wrapped) {
    static List<Operation> on(String table, String column) {
      return List.of(
          new Operation(
              "select count(*) from " + table,
              "with source as (select 1 from %s) select count(*) from source".formatted(table)),
          changing("insert into %s (%s) select null where false".formatted(table, column)),
          changing("update %s set %s = default".formatted(table, column)),
          changing("delete from " + table));
    }

    private static Operation changing(String sql) {
      return new Operation(
          sql, "with source as (%s returning 1) select count(*) from source".formatted(sql));
    }
  }

  @Test
  void everyWayInEndsAlike() throws SQLException {
    String authenticator = database.createLogin("authenticator", "anon", "authenticated");
    List<String> differing = new ArrayList<>();
    int refused = 0;
    int reached = 0;
    try (Connection session = database.dataSource(authenticator).getConnection();
        Connection postgrest = database.dataSource(authenticator).getConnection()) {
      session.setAutoCommit(false);
      postgrest.setAutoCommit(false);
      for (Map.Entry<String, UUID> actor : actors.entrySet()) {
        takeOn(session, actor.getValue());
        TenantScope scope = crm.as(Actor.user(actor.getValue())).tenant("doors");
        for (Operation operation : operations()) {
          String bySession = bySession(session, operation);
          String byPostgrest = byPostgrest(postgrest, actor.getValue(), operation);
          String byScope = byScope(scope, operation);
          refused += bySession.equals("42501") ? 1 : 0;
          reached += bySession.matches("[1-9]") ? 1 : 0;
          if (!bySession.equals(byPostgrest) || !bySession.equals(byScope)) {
            differing.add(
                "%s, %s: %s in a session, %s by PostgREST, %s in a scope"
                    .formatted(actor.getKey(), operation.sql(), bySession, byPostgrest, byScope));
          }
        }
      }
    }
    assertThat(differing).isEmpty();
    assertThat(refused).as("refused").isGreaterThan(100);
    assertThat(reached).as("with rows").isGreaterThan(20);
  }

  /** Where a backend says for whom it acts, that user may what the user may. */
  @Test
  void aBackendThatNamesAUserHasThatUsersRights() {
    String change =
        "select success from crm.update_agent_details(?, %s, '{}', ?) as told (agent, success, message)";
    for (Map.Entry<String, UUID> actor : actors.entrySet()) {
      for (String users : List.of("{\"name\": \"New\"}", "{\"email\": \"new@example.com\"}")) {
        String sql = change.formatted(DSL.inline(users) + "::jsonb");
        boolean bySelf =
            undone(crm.as(Actor.user(actor.getValue())).tenant("doors"), sql, actor.getValue());
        boolean byBackend = undone(crm.asService().tenant("doors"), sql, actor.getValue());
        assertThat(byBackend).as("%s, %s", actor.getKey(), users).isEqualTo(bySelf);
      }
    }
    assertThat(
            undone(
                crm.asService().tenant("doors"),
                change.formatted("'{\"name\": \"New\"}'::jsonb"),
                null))
        .isTrue();
  }

  private static boolean undone(TenantScope scope, String sql, UUID user) {
    boolean[] success = new boolean[1];
    Undone undone = new Undone();
    try {
      scope.transaction(
          tx -> {
            success[0] =
                tx.dsl()
                    .resultQuery(sql, agent.id(), DSL.val(user, UUID.class))
                    .fetchSingle(0, Boolean.class);
            throw undone;
          });
    } catch (Undone e) {
      assertThat(e).isSameAs(undone);
    } catch (AccessDeniedException e) {
      return false;
    }
    return success[0];
  }

  private static final class Undone extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    try (Connection superuser = database.dataSource().getConnection()) {
      DSL.using(superuser, SQLDialect.POSTGRES)
          .fetch(
              """
              select format('%I.%I', n.nspname, c.relname), quote_ident(a.attname)
              from pg_class c
              join pg_namespace n on n.oid = c.relnamespace
              cross join lateral (
                select a.attname
                from pg_attribute a
                where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attidentity = ''
                  and a.attgenerated = ''
                order by a.attnum desc
                limit 1
              ) as a
              where c.relkind = 'r' and n.nspname in ('crm', 'crm_private')
              order by 1
              """)
          .forEach(
              row ->
                  operations.addAll(
                      Operation.on(row.get(0, String.class), row.get(1, String.class))));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return operations;
  }

  private static void takeOn(Connection session, UUID user) throws SQLException {
    call(session, "select set_config('role', 'authenticated', false)");
    call(
        session,
        "select set_config('request.jwt.claims', '%s', false)".formatted(CLAIMS.formatted(user)));
    session.commit();
  }

  private static String bySession(Connection session, Operation operation) throws SQLException {
    try (PreparedStatement statement = session.prepareStatement(operation.sql())) {
      return statement.execute() ? single(statement) : String.valueOf(statement.getUpdateCount());
    } catch (SQLException e) {
      return state(e);
    } finally {
      session.rollback();
    }
  }

  /** The login has no role of its own; all is set for the transaction, in its first statement. */
  private static String byPostgrest(Connection connection, UUID user, Operation operation)
      throws SQLException {
    try {
      call(
          connection,
          """
          select set_config('search_path', 'crm', true), set_config('role', 'authenticated', true),
            set_config('request.jwt.claims', '%s', true), set_config('request.method', 'POST', true),
            set_config('request.path', '/x', true), set_config('request.headers', '{}', true)
          """
              .formatted(CLAIMS.formatted(user)));
      try (PreparedStatement statement = connection.prepareStatement(operation.wrapped())) {
        statement.execute();
        return single(statement);
      }
    } catch (SQLException e) {
      return state(e);
    } finally {
      connection.rollback();
    }
  }

  private static String byScope(TenantScope scope, Operation operation) {
    String[] outcome = new String[1];
    Undone undone = new Undone();
    try {
      scope.transaction(
          tx -> {
            outcome[0] =
                operation.sql().startsWith("select")
                    ? tx.dsl().resultQuery(operation.sql()).fetchSingle(0, String.class)
                    : String.valueOf(tx.dsl().execute(operation.sql()));
            throw undone;
          });
    } catch (Undone e) {
      assertThat(e).isSameAs(undone);
    } catch (CrmException e) {
      outcome[0] = state(e);
    }
    return outcome[0];
  }

  /** What no row may be is one exception in a scope. */
  private static String state(SQLException e) {
    return e.getSQLState().startsWith("23") ? INVALID : e.getSQLState();
  }

  private static String state(CrmException e) {
    if (e instanceof InvalidDataException) {
      return INVALID;
    }
    if (e instanceof AccessDeniedException) {
      return "42501";
    }
    if (e instanceof DatabaseException other) {
      return other.sqlState().orElseThrow();
    }
    return e.getClass().getSimpleName();
  }

  private static String single(PreparedStatement statement) throws SQLException {
    try (ResultSet rows = statement.getResultSet()) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void call(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.execute();
    }
  }
}
