package dev.dovetable.schema.migration;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** Tells who is no member of the role that installed, whatever was refused first. */
final class Ownership {
  private Ownership() {}

  private record Found(String role, String owner, boolean isMember) {}

  /** The failure, or why it must have come to it. Takes a connection if rights may be missing. */
  static SchemaException explain(DataSource dataSource, Target target, SchemaException failure) {
    if (failure.reason() != Reason.MISSING_RIGHTS && failure.reason() != Reason.NOT_CURRENT) {
      return failure;
    }
    try (Connection connection = dataSource.getConnection()) {
      List<Found> found =
          Jdbc.query(
              connection,
              Resources.read("agents/owner.sql"),
              row ->
                  new Found(
                      row.getString("role"), row.getString("owner"), row.getBoolean("is_member")),
              target.privateSchema());
      return found.stream()
          .filter(one -> !one.isMember())
          .findFirst()
          .map(one -> notTheOwner(one, target, failure))
          .orElse(failure);
    } catch (SQLException | RuntimeException e) {
      failure.addSuppressed(e);
      return failure;
    }
  }

  private static SchemaException notTheOwner(Found found, Target target, SchemaException failure) {
    return new SchemaException(
        Reason.MISSING_RIGHTS,
        "Role %s is not the one that installed schema %s.".formatted(found.role(), target.schema()),
        "Connect as %s, which did. Whoever only looks may also be a member of service_role."
            .formatted(found.owner()),
        failure);
  }
}
