package dev.dovetable.core;

import java.sql.Connection;
import javax.sql.DataSource;
import org.jooq.tools.jdbc.DefaultConnection;

/** A pool of one connection that nobody validates or resets, so that its state can be looked at. */
final class OneConnection {

  private OneConnection() {}

  static DataSource of(Connection connection) {
    return new CustomDataSource(
        () ->
            new DefaultConnection(connection) {
              @Override
              public void close() {}
            });
  }
}
