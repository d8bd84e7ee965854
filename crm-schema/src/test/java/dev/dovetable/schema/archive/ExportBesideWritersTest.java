package dev.dovetable.schema.archive;

import static dev.dovetable.schema.archive.OddAgents.importAs;
import static dev.dovetable.schema.archive.OddAgents.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.doctor.OrderTotals;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.testkit.server.Background;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Others go on writing, and an archive is of one moment. */
class ExportBesideWritersTest {
  private static final int CUSTOMERS = 300;

  @Test
  void isOfOneMoment() throws Exception {
    try (AgentsOf agents = OddAgents.create()) {
      OddAgents.fill(agents.database().superuser(), "agt_1", CUSTOMERS);
      AtomicBoolean isDone = new AtomicBoolean();
      AtomicInteger written = new AtomicInteger();
      CompletableFuture<Void> writer =
          Background.call(
              () -> {
                write(agents, isDone, written);
                return null;
              });
      ByteArrayOutputStream archive = new ByteArrayOutputStream();
      try {
        AgentArchive.builder()
            .listener((table, done, total) -> awaitThree(writer, written))
            .build()
            .export(agents.owner(), "agt_1", archive, ExportOptions.DEFAULTS);
      } finally {
        isDone.set(true);
        writer.join();
      }
      assertThat(written.get()).isGreaterThan(10);

      // The import checks keys and totals; the doctor does so once more.
      importAs(agents.owner(), "shop_b", archive.toByteArray(), user(3));
      assertThat(
              CrmDoctor.builder()
                  .orderTotals(OrderTotals.FULL)
                  .build()
                  .examine(agents.owner())
                  .findings())
          .isEmpty();
      assertThat(
              agents
                  .database()
                  .string(
                      "select (c.n = m.n and c.n = o.n)::text from (select count(*) n from"
                          + " shop_b_customers) c, (select count(*) n from shop_b_messages) m,"
                          + " (select count(*) n from shop_b_orders) o"))
          .isEqualTo("true");
    }
  }

  /** Between two tables, so that what was read before is older than what is written. */
  private static void awaitThree(CompletableFuture<Void> writer, AtomicInteger written) {
    int aim = written.get() + 3;
    while (written.get() < aim && !writer.isDone()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Customer, message, order and items, each in one transaction. */
  private static void write(AgentsOf agents, AtomicBoolean isDone, AtomicInteger written)
      throws SQLException {
    try (Connection connection = agents.database().superuser().getConnection();
        Statement statement = connection.createStatement()) {
      while (!isDone.get()) {
        statement.execute(
            """
            with c as (
              insert into agt_1_customers (agent_id, name, phone)
              select id, 'late', '1' from agents where agent_prefix = 'agt_1' returning id
            ), m as (
              insert into agt_1_messages (customer_id, message, direction) select id, 'late', 'outbound' from c
            ), o as (
              insert into agt_1_orders (customer_id) select id from c returning id
            )
            insert into agt_1_orders_items (order_id, name, price) select id, 'late', 3 from o
            """);
        written.incrementAndGet();
      }
    }
  }

  @Test
  void theAgentIsNotDeletedMeanwhile() throws Exception {
    try (AgentsOf agents = OddAgents.create()) {
      OddAgents.fill(agents.database().superuser(), "agt_1", 10);
      AtomicBoolean isTried = new AtomicBoolean();
      AgentArchive.builder()
          .listener(
              (table, done, total) -> {
                if (!isTried.getAndSet(true)) {
                  assertThatThrownBy(
                          () ->
                              agents
                                  .database()
                                  .execute(
                                      "select delete_agent(id) from agents where agent_prefix ="
                                          + " 'agt_1'"))
                      .isInstanceOfSatisfying(
                          SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55P03"));
                  delete(agents, "agt_2");
                }
              })
          .build()
          .export(agents.owner(), "agt_1", new ByteArrayOutputStream(), ExportOptions.DEFAULTS);
      assertThat(isTried).isTrue();
      agents.database().execute("select delete_agent(id) from agents where agent_prefix = 'agt_1'");
    }
  }

  /** Of other agents, nobody is in the way. */
  private static void delete(AgentsOf agents, String prefix) {
    try {
      agents
          .database()
          .execute("select delete_agent(id) from agents where agent_prefix = '" + prefix + "'");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
