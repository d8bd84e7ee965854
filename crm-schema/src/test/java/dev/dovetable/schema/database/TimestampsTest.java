package dev.dovetable.schema.database;

import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Times that the database writes are UTC, whatever zone the session is in. */
@FreshDatabase(TwoAgents.class)
class TimestampsTest {

  @Test
  void defaultsAndTriggersWriteUtc(PostgresDatabase database) throws SQLException {
    try (Session session = new Session(TwoAgents.login(database))) {
      session.as(OWNER);
      for (String zone :
          List.of(
              "UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati", "Etc/GMT+12")) {
        session.begin();
        session.execute("set local time zone '" + zone + "'");
        TwoAgents.addOrder(session, "alpha", TwoAgents.ALPHA_ID);
        for (String column :
            List.of(
                "customers.created_at",
                "messages.timestamp",
                "orders.created_at",
                "orders.updated_at",
                "orders_items.created_at")) {
          String table = "alpha_" + column.substring(0, column.indexOf('.'));
          assertThat(
                  session.one(
                      "select %s = now() at time zone 'UTC' from %s order by id desc limit 1"
                          .formatted(column.substring(column.indexOf('.') + 1), table)))
              .as("%s in %s", column, zone)
              .isEqualTo("t");
        }
        session.execute(
            "update alpha_orders set status = 'x', updated_at = '1999-01-01' where true");
        assertThat(
                session.one(
                    "select bool_and(updated_at = now() at time zone 'UTC') from alpha_orders"))
            .isEqualTo("t");
        session.service();
        session.execute("update whatsapp_configuration set is_active = true where true");
        assertThat(session.one("select bool_and(updated_at = now()) from whatsapp_configuration"))
            .isEqualTo("t");
        session.rollback();
      }
    }
  }
}
