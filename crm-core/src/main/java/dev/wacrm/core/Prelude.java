package dev.wacrm.core;

import dev.wacrm.core.ActingConnection.Envelope;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jooq.Param;
import org.jooq.SQLDialect;
import org.jooq.conf.ParamType;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The queries that make the rest of a transaction run as an actor, and perhaps read only, and those
 * that put back what was before. The one place where role, claims and timeouts are set. Immutable
 * and thread-safe.
 */
final class Prelude {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String SQL = load("prelude.sql");
  private static final String TIMEOUTS = load("timeouts.sql");
  private static final String SAVE = load("save.sql");
  private static final String RESTORE = load("restore.sql");

  private final String role;
  private final List<String> queries;

  private Prelude(String role, String claims, Timeouts timeouts, boolean readOnly) {
    this.role = role;
    List<String> all = new ArrayList<>();
    all.add(inlined(SQL, DSL.inline(role), DSL.inline(claims), DSL.inline(readOnly)));
    if (!timeouts.isNone()) {
      all.add(inlined(TIMEOUTS, milliseconds(timeouts.statement()), milliseconds(timeouts.lock())));
    }
    this.queries = List.copyOf(all);
  }

  static Prelude of(Actor actor, Timeouts timeouts, boolean readOnly) {
    ObjectNode claims = JSON.createObjectNode();
    String role;
    if (actor instanceof Actor.User user) {
      role = "authenticated";
      claims.put("sub", user.id().toString());
    } else {
      role = actor instanceof Actor.Service ? "service_role" : "anon";
    }
    claims.put("role", role);
    return new Prelude(role, JSON.writeValueAsString(claims), timeouts, readOnly);
  }

  String role() {
    return role;
  }

  /** To be run in this order; each gives one row. */
  List<String> queries() {
    return queries;
  }

  /** The same, for a transaction that goes on as somebody else after {@link #restore()}. */
  List<String> savingQueries() {
    List<String> all = new ArrayList<>(queries);
    all.add(0, SAVE);
    return all;
  }

  /** A query with one row, whose first column has a name that nothing else has. */
  static String restore() {
    return RESTORE;
  }

  /** Of the first column of {@link #restore()}. */
  static String restoreLabel() {
    return "wacrm_restored";
  }

  /** Runs queries in one round trip, in which BEGIN travels along if no transaction has begun. */
  static void run(Connection connection, List<String> queries) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(Envelope.join(queries));
    }
  }

  private static Param<String> milliseconds(Optional<Duration> timeout) {
    return DSL.inline(
        timeout.map(t -> Long.toString(t.toMillis())).orElse(null), SQLDataType.VARCHAR);
  }

  /** With literals, so that the parameters of the statement behind it keep their places. */
  private static String inlined(String sql, Param<?>... values) {
    return DSL.using(SQLDialect.POSTGRES).query(sql, (Object[]) values).getSQL(ParamType.INLINED);
  }

  private static String load(String name) {
    try (InputStream file = Prelude.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException(name + " is missing beside " + Prelude.class.getName());
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("--"))
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
