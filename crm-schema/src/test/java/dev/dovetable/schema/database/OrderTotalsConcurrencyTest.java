package dev.dovetable.schema.database;

import static dev.dovetable.schema.database.OrderTotalsTest.assertTotalsAreSums;
import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.dovetable.schema.database.Clients.Pending;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Totals stay exact while several writers are at the same orders. */
@FreshDatabase(TwoAgents.class)
class OrderTotalsConcurrencyTest {

  private static final String ADD =
      "insert into alpha_orders_items (order_id, name, quantity, price) values (10, 'new', 1, 7)";

  private static DataSource login;
  private static PostgresDatabase database;
  private static Session owner;

  @BeforeAll
  static void connect(PostgresDatabase fresh) throws SQLException {
    database = fresh;
    login = TwoAgents.login(database);
    owner = new Session(database.dataSource());
  }

  @AfterAll
  static void disconnect() throws SQLException {
    owner.close();
  }

  /** Orders 10 to 29; each has items named a, b, c and d. */
  @BeforeEach
  void fill() throws SQLException {
    owner.execute("delete from alpha_orders where true");
    owner.execute(
        "insert into alpha_customers (id, agent_id, name, phone) values (1, 1, 'x', '1')"
            + " on conflict do nothing");
    owner.execute(
        "insert into alpha_orders (id, customer_id) select i, 1 from generate_series(10, 29) i");
    owner.execute(
        "insert into alpha_orders_items (order_id, name, quantity, price)"
            + " select i, unnest(array['a', 'b', 'c', 'd']), 2, 1.50 from generate_series(10, 29) i");
  }

  @Test
  void eightClientsAdd320ItemsToOneOrder() throws Exception {
    List<SQLException> failures =
        Clients.run(
            8,
            login,
            (session, client) -> {
              session.as(OWNER);
              for (int i = 0; i < 40; i++) {
                session.execute(
                    "insert into alpha_orders_items (order_id, name, quantity, price)"
                        + " values (10, 'x', 1, ?)",
                    client + 1);
              }
            });
    assertThat(failures).isEmpty();
    // 4 items of 2 × 1.50, and 40 from each of the clients at prices from 1 to 8
    assertThat(owner.one("select total_amount from alpha_orders where id = 10"))
        .isEqualTo("1452.00");
    assertThat(owner.one("select count(*) from alpha_orders_items where order_id = 10"))
        .isEqualTo("324");
  }

  @TestFactory
  Stream<DynamicTest> secondWriterWaitsForTheFirst() {
    Map<String, String> first =
        Map.of(
            "insert", ADD,
            "update", "update alpha_orders_items set price = 4 where order_id = 10 and name = 'a'",
            "delete", "delete from alpha_orders_items where order_id = 10 and name = 'b'",
            "move",
                "update alpha_orders_items set order_id = 11 where order_id = 10 and name = 'b'",
            "order", "update alpha_orders set status = 'paid', total_amount = 1 where id = 10");
    Map<String, String> second =
        Map.of(
            "insert", ADD,
            "update", "update alpha_orders_items set price = 5 where order_id = 10 and name = 'c'",
            "delete", "delete from alpha_orders_items where order_id = 10 and name = 'd'",
            "move", "update alpha_orders_items set order_id = 10 where order_id = 12",
            "order", "update alpha_orders set notes = 'x', total_amount = null where id = 10");
    return first.keySet().stream()
        .sorted()
        .flatMap(
            f ->
                second.keySet().stream()
                    .sorted()
                    .flatMap(
                        s ->
                            Stream.of(true, false)
                                .map(
                                    commits ->
                                        dynamicTest(
                                            "%s waits for %s, which %s"
                                                .formatted(
                                                    s, f, commits ? "commits" : "rolls back"),
                                            () -> wait(first.get(f), second.get(s), commits)))));
  }

  private void wait(String first, String second, boolean commits) throws Exception {
    fill();
    try (Session one = new Session(login);
        Session two = new Session(login)) {
      one.as(OWNER).begin();
      two.as(OWNER).begin();
      one.execute(first);
      try (Pending pending = Clients.waiting(database, two, second)) {
        if (commits) {
          one.commit();
        } else {
          one.rollback();
        }
        assertThat(pending.sqlState()).isEqualTo(Session.SUCCESS);
        two.commit();
      }
    }
    assertTotalsAreSums(owner, "alpha");
  }

  @Test
  void statementsThatTouchTwentyOrdersInOppositeOrdersDoNotDeadlock() throws Exception {
    List<SQLException> failures =
        Clients.run(
            6,
            login,
            (session, client) -> {
              session.as(OWNER);
              String direction = client % 2 == 0 ? "asc" : "desc";
              String mine = "client " + client;
              for (int round = 0; round < 25; round++) {
                session.execute(
                    "insert into alpha_orders_items (order_id, name, price) select id, ?, 3 from"
                        + " (select id from alpha_orders where id >= 10 order by id "
                        + direction
                        + ") o",
                    mine);
                session.execute(
                    "update alpha_orders_items set quantity = quantity + 1 where id = any (array("
                        + "select id from alpha_orders_items where name = ? order by order_id "
                        + direction
                        + "))",
                    mine);
                if (round % 5 == 4) {
                  session.execute("delete from alpha_orders_items where name = ?", mine);
                }
              }
            });
    assertThat(failures).isEmpty();
    assertTotalsAreSums(owner, "alpha");
    assertThat(owner.one("select distinct total_amount from alpha_orders")).isEqualTo("12.00");
  }

  @Test
  void stricterIsolationIsExactOrAsksToTryAgain() throws Exception {
    for (String isolation : List.of("repeatable read", "serializable")) {
      fill();
      List<SQLException> failures =
          Clients.run(
              4,
              login,
              (session, client) -> {
                session.as(OWNER);
                session.execute("set default_transaction_isolation = '" + isolation + "'");
                for (int done = 0; done < 15; ) {
                  String state = session.sqlState(ADD);
                  if (state.equals(Session.SUCCESS)) {
                    done++;
                  } else {
                    assertThat(state).isEqualTo("40001");
                  }
                }
              });
      assertThat(failures).isEmpty();
      assertThat(owner.one("select total_amount from alpha_orders where id = 10"))
          .as(isolation)
          .isEqualTo("432.00");
    }
  }

  @Test
  void snapshotTakenBeforeAnotherWriterCommitsLosesNothing() throws Exception {
    try (Session one = new Session(login);
        Session two = new Session(login)) {
      one.as(OWNER).begin();
      one.execute("set transaction isolation level repeatable read");
      one.one("select count(*) from alpha_orders_items");
      two.as(OWNER).execute(ADD);
      assertThat(one.sqlState(ADD)).isEqualTo("40001");
      assertThat(one.sqlState("update alpha_orders set total_amount = 0 where id = 10"))
          .isEqualTo("40001");
      one.rollback();
    }
    assertTotalsAreSums(owner, "alpha");
  }

  @Test
  void addingToAnOrderThatIsBeingDeletedFailsCleanly() throws Exception {
    for (String deletion :
        List.of(
            "delete from alpha_orders where id = 10", "delete from alpha_customers where id = 1")) {
      fill();
      try (Session one = new Session(login);
          Session two = new Session(login)) {
        one.as(OWNER).begin();
        two.as(OWNER);
        one.execute(deletion);
        try (Pending pending = Clients.waiting(database, two, ADD)) {
          one.commit();
          assertThat(pending.sqlState()).isEqualTo("23503");
        }
        // And the other way round: the deletion takes what was added with it.
        fill();
        one.begin();
        one.execute(ADD);
        try (Pending pending = Clients.waiting(database, two, deletion)) {
          one.commit();
          assertThat(pending.sqlState()).isEqualTo(Session.SUCCESS);
        }
      }
      assertThat(owner.one("select count(*) from alpha_orders_items where order_id = 10"))
          .isEqualTo("0");
      assertTotalsAreSums(owner, "alpha");
    }
  }
}
