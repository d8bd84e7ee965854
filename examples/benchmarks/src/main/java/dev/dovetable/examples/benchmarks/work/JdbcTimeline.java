package dev.dovetable.examples.benchmarks.work;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import dev.dovetable.examples.benchmarks.server.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The same page by plain JDBC, as a login that row level security doesn't hold back. */
public final class JdbcTimeline implements Operation {

  private final Subject subject;
  private final HikariDataSource pool;
  private final String sql;

  public JdbcTimeline(Subject subject) {
    this.subject = subject;
    this.pool = BenchmarkDatabase.pool(subject.superuserUrl(), subject.connections());
    this.sql = Sql.of("timeline.sql", subject.prefix());
  }

  @Override
  public Object run() throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setInt(1, CrmTimeline.anyCustomer(subject));
      try (ResultSet rows = statement.executeQuery()) {
        return JdbcMessage.all(rows);
      }
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
