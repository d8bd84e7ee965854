package dev.dovetable.schema.database;

import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** total_amount is the sum of the items, whoever writes what; order 1 has an item of 2 × 5.00. */
@FreshDatabase(TwoAgents.class)
class OrderTotalsTest {

  private static Session owner;
  private static Session session;

  @BeforeAll
  static void connect(PostgresDatabase database) throws SQLException {
    owner = new Session(database.dataSource());
    session = new Session(TwoAgents.login(database));
  }

  @AfterAll
  static void disconnect() throws SQLException {
    session.close();
    owner.close();
  }

  @BeforeEach
  void begin() throws SQLException {
    session.as(OWNER);
    session.begin();
    session.execute(
        "insert into alpha_orders (id, customer_id) values (100, 1), (101, 1), (102, 1)");
  }

  @AfterEach
  void totalsAreSums() throws SQLException {
    try {
      assertTotalsAreSums(session, "alpha");
    } finally {
      session.rollback();
    }
  }

  static void assertTotalsAreSums(Session session, String prefix) throws SQLException {
    assertThat(
            session.rows(
                "select o.id, o.total_amount, s.total from %1$s_orders o left join lateral"
                        .formatted(prefix)
                    + " (select coalesce(sum(i.total), 0) as total from %1$s_orders_items i"
                        .formatted(prefix)
                    + " where i.order_id = o.id) s on true"
                    + " where o.total_amount is distinct from s.total"))
        .as("orders whose total is not the sum of their items")
        .isEmpty();
  }

  private static String total(int order) throws SQLException {
    return session.one("select total_amount from alpha_orders where id = ?", order);
  }

  private static void add(int order, int quantity, String price) throws SQLException {
    session.execute(
        "insert into alpha_orders_items (order_id, name, quantity, price) values (?, 'x', ?, ?::numeric)",
        order,
        quantity,
        price);
  }

  @Test
  void followsInsertUpdateAndDelete() throws SQLException {
    assertThat(total(1)).isEqualTo("10.00");
    add(100, 3, "9.99");
    add(100, 1, "0.03");
    assertThat(total(100)).isEqualTo("30.00");
    session.execute(
        "update alpha_orders_items set quantity = 1 where order_id = 100 and price > 1");
    assertThat(total(100)).isEqualTo("10.02");
    session.execute("update alpha_orders_items set price = 0 where order_id = 100 and price > 1");
    assertThat(total(100)).isEqualTo("0.03");
    session.execute("delete from alpha_orders_items where order_id = 100");
    assertThat(total(100)).isEqualTo("0.00");
  }

  @Test
  void followsStatementsThatTouchManyOrders() throws SQLException {
    session.execute(
        "insert into alpha_orders_items (order_id, name, quantity, price)"
            + " select 100 + i % 3, 'x', i, 1.25 from generate_series(1, 30) i");
    assertTotalsAreSums(session, "alpha");
    session.execute(
        "update alpha_orders_items set order_id = case order_id when 100 then 101 else 100 end"
            + " where order_id in (100, 101)");
    assertTotalsAreSums(session, "alpha");
    session.execute("delete from alpha_orders_items where quantity % 2 = 0");
    assertTotalsAreSums(session, "alpha");
  }

  @Test
  void followsAnItemToAnotherOrder() throws SQLException {
    add(100, 2, "4.50");
    session.execute(
        "update alpha_orders_items set order_id = 101, quantity = 3 where order_id = 100");
    assertThat(total(100)).isEqualTo("0.00");
    assertThat(total(101)).isEqualTo("13.50");
  }

  @Test
  void followsUpsert() throws SQLException {
    session.execute(
        "insert into alpha_orders_items (id, order_id, name, quantity, price)"
            + " values (900, 100, 'x', 1, 7), (901, 101, 'x', 1, 8)");
    session.execute(
        "insert into alpha_orders_items (id, order_id, name, quantity, price)"
            + " values (900, 100, 'x', 1, 7), (902, 102, 'x', 1, 9)"
            + " on conflict (id) do update set quantity = alpha_orders_items.quantity + 1");
    assertThat(total(100)).isEqualTo("14.00");
    assertThat(total(102)).isEqualTo("9.00");
  }

  @Test
  void followsMerge() throws SQLException {
    session.execute(
        "insert into alpha_orders_items (id, order_id, name, quantity, price)"
            + " values (900, 100, 'x', 2, 7), (901, 101, 'x', 1, 8), (902, 102, 'x', 1, 9)");
    session.execute(
        "merge into alpha_orders_items t using (values (900, 100), (901, 101), (903, 102)) s (id, o)"
            + " on t.id = s.id"
            + " when matched and s.o = 101 then delete"
            + " when matched then update set price = 1"
            + " when not matched then insert (id, order_id, name, price) values (s.id, s.o, 'x', 3)");
    assertThat(List.of(total(100), total(101), total(102)))
        .containsExactly("2.00", "0.00", "12.00");
  }

  @Test
  void followsModifyingQueries() throws SQLException {
    add(100, 1, "5");
    session.execute(
        "with gone as (delete from alpha_orders_items where order_id = 100 returning *),"
            + " back as (insert into alpha_orders_items (order_id, name, price)"
            + " select 101, name, price * 2 from gone returning *)"
            + " insert into alpha_orders_items (order_id, name, price) select 102, name, price from back");
    assertThat(List.of(total(100), total(101), total(102)))
        .containsExactly("0.00", "10.00", "10.00");
    session.execute(
        "with o as (insert into alpha_orders (id, customer_id) values (103, 1) returning id)"
            + " insert into alpha_orders_items (order_id, name, price) select id, 'x', 6 from o");
    assertThat(total(103)).isEqualTo("6.00");
  }

  @Test
  void handWrittenTotalIsOverridden() throws SQLException {
    add(100, 1, "5");
    for (String total : List.of("999", "0", "null", "'NaN'", "-1", "default")) {
      session.execute("update alpha_orders set total_amount = " + total + " where id = 100");
      assertThat(total(100)).as(total).isEqualTo("5.00");
      session.execute(
          "insert into alpha_orders (id, customer_id, total_amount) values (110, 1, "
              + total
              + ")");
      assertThat(total(110)).as(total).isEqualTo("0.00");
      session.execute("delete from alpha_orders where id = 110");
      session.execute(
          "insert into alpha_orders (id, customer_id, total_amount) values (100, 1, "
              + total
              + ")"
              + " on conflict (id) do update set total_amount = excluded.total_amount, notes = 'x'");
      assertThat(total(100)).as(total).isEqualTo("5.00");
    }
    session.service();
    session.execute("update alpha_orders set total_amount = 1 where true");
    assertThat(total(1)).isEqualTo("10.00");
    session.rollback();
    owner.begin();
    owner.execute("update alpha_orders set total_amount = 1 where true");
    assertTotalsAreSums(owner, "alpha");
    owner.rollback();
    session.begin();
  }

  @Test
  void pricesThatAreNoNumbersAreRefused() throws SQLException {
    assertThat(
            session.sqlState(
                "insert into alpha_orders_items (order_id, name, price) values (100, 'x', 'NaN')"))
        .isEqualTo("23514");
    assertThat(session.sqlState("update alpha_orders_items set price = 'NaN' where order_id = 1"))
        .isEqualTo("23514");
    assertThat(
            session.sqlState(
                "insert into alpha_orders_items (order_id, name, price) values (100, 'x', 'Infinity')"))
        .isEqualTo("22003");
    assertThat(
            session.sqlState(
                "insert into alpha_orders_items (order_id, name, total) values (100, 'x', 1)"))
        .isEqualTo("428C9");
  }

  @Test
  void overflowIsRefusedAndChangesNothing() throws SQLException {
    add(100, 1, "99999999.99");
    String overflow = "insert into alpha_orders_items (order_id, name, quantity, price) values ";
    assertThat(session.sqlState(overflow + "(100, 'x', 1, 0.01)")).isEqualTo("22003");
    assertThat(session.sqlState(overflow + "(101, 'x', 1, 5), (100, 'x', 1, 1)"))
        .isEqualTo("22003");
    assertThat(session.sqlState(overflow + "(101, 'x', 2, 99999999)")).isEqualTo("22003");
    assertThat(session.sqlState(overflow + "(101, 'x', 2147483647, 1)")).isEqualTo("22003");
    assertThat(session.sqlState("update alpha_orders_items set quantity = 2 where order_id = 100"))
        .isEqualTo("22003");
    assertThat(List.of(total(100), total(101))).containsExactly("99999999.99", "0.00");
    assertThat(session.one("select count(*) from alpha_orders_items where order_id = 101"))
        .isEqualTo("0");
  }

  @Test
  void truncateByTheOwnerEmptiesTheTotals() throws SQLException {
    session.rollback();
    owner.begin();
    owner.execute("truncate alpha_orders_items");
    assertTotalsAreSums(owner, "alpha");
    assertThat(owner.one("select total_amount from alpha_orders where id = 1")).isEqualTo("0.00");
    owner.rollback();
    session.begin();
  }

  @Test
  void deletedOrdersAndCustomersTakeTheirItemsWithThem() throws SQLException {
    add(100, 1, "5");
    add(101, 1, "5");
    session.execute("delete from alpha_orders where id = 100");
    assertThat(session.one("select count(*) from alpha_orders_items where order_id = 100"))
        .isEqualTo("0");
    assertThat(total(101)).isEqualTo("5.00");
    session.execute("delete from alpha_customers where id = 1");
    for (String table : List.of("messages", "orders", "orders_items")) {
      assertThat(session.one("select count(*) from alpha_" + table)).as(table).isEqualTo("0");
    }
  }

  @Test
  void updatedAtFollowsTheOrderAndItsItems() throws SQLException {
    String old = "timestamp '2001-01-01'";
    String isNow = "select updated_at = timezone('utc', now()) from alpha_orders where id = 1";
    session.execute("update alpha_orders set updated_at = " + old + " where id = 1");
    assertThat(session.one(isNow)).as("a hand-written time is overridden").isEqualTo("t");
    for (String change :
        List.of(
            "update alpha_orders set status = 'confirmed' where id = 1",
            "update alpha_orders_items set price = 6 where order_id = 1",
            "insert into alpha_orders_items (order_id, name, price) values (1, 'x', 1)",
            "delete from alpha_orders_items where order_id = 1")) {
      backdate(old);
      session.execute(change);
      assertThat(session.one(isNow)).as(change).isEqualTo("t");
    }
  }

  /** Only with triggers off can a time be set. */
  private static void backdate(String time) throws SQLException {
    session.rollback();
    owner.begin();
    owner.execute("set local session_replication_role = replica");
    owner.execute("update alpha_orders set updated_at = " + time + " where id = 1");
    owner.commit();
    session.begin();
  }
}
