package dev.wacrm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

@FreshDatabase
class FreshDatabaseTest {

  @Test
  void sessionRunsInAnotherZoneThanTheJvm(EmbeddedDatabase database) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("show timezone")) {
      rows.next();
      assertThat(rows.getString(1))
          .isEqualTo(database.server().timeZone())
          .isNotEqualTo(TimeZone.getDefault().getID());
    }
  }
}
