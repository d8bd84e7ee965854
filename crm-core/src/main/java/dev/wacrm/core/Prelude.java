package dev.wacrm.core;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;
import org.jooq.SQLDialect;
import org.jooq.conf.ParamType;
import org.jooq.impl.DSL;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The statement that makes the rest of a transaction run as an actor, and perhaps read only. The
 * one place where role and claims are set. Immutable and thread-safe.
 */
final class Prelude {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String SQL = load();

  private final String role;
  private final String text;

  private Prelude(String role, String claims, boolean readOnly) {
    this.role = role;
    // Literals, so that the parameters of the statement behind it keep their places.
    this.text =
        DSL.using(SQLDialect.POSTGRES)
            .query(SQL, DSL.inline(role), DSL.inline(claims), DSL.inline(readOnly))
            .getSQL(ParamType.INLINED);
  }

  static Prelude of(Actor actor, boolean readOnly) {
    ObjectNode claims = JSON.createObjectNode();
    String role;
    if (actor instanceof Actor.User user) {
      role = "authenticated";
      claims.put("sub", user.id().toString());
    } else {
      role = actor instanceof Actor.Service ? "service_role" : "anon";
    }
    claims.put("role", role);
    return new Prelude(role, JSON.writeValueAsString(claims), readOnly);
  }

  String role() {
    return role;
  }

  /** A query with one row. */
  String text() {
    return text;
  }

  /** Runs it: one round trip, in which BEGIN travels along if no transaction has begun. */
  void run(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  private static String load() {
    try (InputStream file = Prelude.class.getResourceAsStream("prelude.sql")) {
      if (file == null) {
        throw new IllegalStateException("prelude.sql is missing beside " + Prelude.class.getName());
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
