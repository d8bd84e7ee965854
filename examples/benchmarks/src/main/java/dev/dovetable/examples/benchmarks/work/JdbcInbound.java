package dev.dovetable.examples.benchmarks.work;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import dev.dovetable.examples.benchmarks.server.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** The same message by plain JDBC, as a login that row level security doesn't hold back. */
public final class JdbcInbound implements Operation {

  private final Subject subject;
  private final boolean lookingUp;
  private final HikariDataSource pool;
  private final String select;
  private final String insert;

  private JdbcInbound(Subject subject, boolean lookingUp) {
    this.subject = subject;
    this.lookingUp = lookingUp;
    this.pool = BenchmarkDatabase.pool(subject.superuserUrl(), subject.connections());
    this.select = Sql.of("select_customer.sql", subject.prefix());
    this.insert = Sql.of("insert_message.sql", subject.prefix());
  }

  /** Two statements, each with autocommit. */
  public static JdbcInbound selectThenInsert(Subject subject) {
    return new JdbcInbound(subject, true);
  }

  /** Only the second one, where pgbench is missing. */
  public static JdbcInbound insertOnly(Subject subject) {
    return new JdbcInbound(subject, false);
  }

  @Override
  public Object run() throws SQLException {
    try (Connection connection = pool.getConnection()) {
      int customer = lookingUp ? find(connection) : CrmTimeline.anyCustomer(subject);
      try (PreparedStatement statement = connection.prepareStatement(insert)) {
        statement.setInt(1, customer);
        statement.setString(2, CrmInbound.TEXT);
        statement.setObject(3, LocalDateTime.now(ZoneOffset.UTC));
        try (ResultSet rows = statement.executeQuery()) {
          return JdbcMessage.all(rows);
        }
      }
    }
  }

  private int find(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(select)) {
      statement.setString(1, CrmInbound.anyPhone(subject));
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
