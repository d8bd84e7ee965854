package dev.dovetable.testkit.internal;

import dev.dovetable.core.common.Actor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** PostgreSQL's role and the claims of a token, for a whole session. Immutable. */
public record Claims(String role, String json) {
  private static final String SET =
      "select set_config('role', ?, false), set_config('request.jwt.claims', ?, false)";

  public static Claims of(Actor actor) {
    if (actor instanceof Actor.User user) {
      return new Claims(
          "authenticated", "{\"sub\":\"" + user.id() + "\",\"role\":\"authenticated\"}");
    }
    String role = actor instanceof Actor.Service ? "service_role" : "anon";
    return new Claims(role, "{\"role\":\"" + role + "\"}");
  }

  /** Closes the connection if that fails. */
  public Connection apply(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SET)) {
      statement.setString(1, role);
      statement.setString(2, json);
      statement.execute();
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}
