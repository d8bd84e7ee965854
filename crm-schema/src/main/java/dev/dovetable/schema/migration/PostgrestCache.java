package dev.dovetable.schema.migration;

import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.migration.AgentMigrationReport.Result;
import dev.dovetable.schema.migration.AgentMigrationReport.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;

/** PostgREST knows the tables and columns that it has read of. */
final class PostgrestCache {
  private PostgrestCache() {}

  /** Once for a run, and not for each agent: it reads the whole catalogue each time. */
  static void reload(Logger log, DataSource dataSource, List<Result> done) {
    if (done.stream().noneMatch(result -> result.status() == Status.MIGRATED)) {
      return;
    }
    try (Connection connection = dataSource.getConnection()) {
      Jdbc.run(connection, "begin;" + Resources.read("installer/reload.sql") + "commit");
    } catch (SQLException | RuntimeException e) {
      log.warn("PostgREST, if there is one, has not been told of the change: {}", e.toString());
    }
  }
}
