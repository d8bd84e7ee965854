package dev.dovetable.examples.benchmarks.work;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * A message as plain JDBC reads it.
 *
 * @param id its id
 * @param customerId whose it is
 * @param text its content
 * @param direction inbound or outbound
 * @param timestamp its time, in UTC
 */
public record JdbcMessage(
    int id, int customerId, String text, String direction, LocalDateTime timestamp) {

  public static List<JdbcMessage> all(ResultSet rows) throws SQLException {
    List<JdbcMessage> messages = new ArrayList<>();
    while (rows.next()) {
      messages.add(
          new JdbcMessage(
              rows.getInt(1),
              rows.getInt(2),
              rows.getString(3),
              rows.getString(4),
              rows.getObject(5, LocalDateTime.class)));
    }
    return messages;
  }
}
