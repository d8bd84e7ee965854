package dev.dovetable.examples.benchmarks.work;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import dev.dovetable.examples.benchmarks.server.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The same page under row level security as it is usually written: five statements over JDBC. */
public final class HandTimeline implements Operation {

  private final Subject subject;
  private final HikariDataSource pool;
  private final String page;
  private final String setRole = Sql.of("set_role.sql");
  private final String setClaims = Sql.of("set_claims.sql");
  private final String claims;

  public HandTimeline(Subject subject) throws SQLException {
    this.subject = subject;
    this.pool = BenchmarkDatabase.pool(subject.url(), subject.connections());
    this.page = Sql.of("timeline.sql", subject.prefix());
    try (HikariDataSource superuser = BenchmarkDatabase.pool(subject.superuserUrl(), 1);
        Connection connection = superuser.getConnection()) {
      this.claims = Sql.text(connection, Sql.of("claims.sql", subject.prefix()));
    }
  }

  @Override
  public Object run() throws SQLException {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false); // BEGIN goes with the first statement.
      try (Statement role = connection.createStatement();
          PreparedStatement setting = connection.prepareStatement(setClaims);
          PreparedStatement query = connection.prepareStatement(page)) {
        role.execute(setRole);
        setting.setString(1, claims);
        setting.execute();
        query.setInt(1, CrmTimeline.anyCustomer(subject));
        try (ResultSet rows = query.executeQuery()) {
          return JdbcMessage.all(rows);
        }
      } finally {
        connection.commit();
        connection.setAutoCommit(true);
      }
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
