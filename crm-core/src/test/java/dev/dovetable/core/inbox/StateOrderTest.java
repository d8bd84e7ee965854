package dev.dovetable.core.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Messages in any order and many at once, deleted, moved, dated and edited, customers merged, made
 * and deleted, what is read and closed: after each step the state is what an oracle makes of it.
 */
class StateOrderTest extends InboxTest {
  private static final int STEPS = 30;
  private static final int MESSAGES = 80;

  private final List<Integer> customers = new ArrayList<>();

  static IntStream seeds() {
    return IntStream.rangeClosed(1, "long".equals(System.getProperty("crm.test.form")) ? 60 : 4);
  }

  /** Ids are given, so that another order is comparable; times are few, so that many are equal. */
  private record Row(int id, int customer, String direction, String time, String number) {
    static Row random(Random random, int id) {
      return new Row(
          id,
          random.nextInt(5),
          random.nextBoolean() ? "inbound" : "outbound",
          random.nextInt(40) == 0
              ? "null"
              : "'2026-01-01 00:00:%02d.%d'"
                  .formatted(random.nextInt(25), random.nextBoolean() ? 0 : random.nextInt(10)),
          "n" + random.nextInt(3));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void isWhatTheOracleMakesOfItAfterEachStep(int seed) throws SQLException {
    Random random = new Random(seed);
    for (int i = 0; i < 5; i++) {
      customers.add(newCustomer("c" + i));
    }
    List<Row> rows =
        IntStream.rangeClosed(1, MESSAGES).mapToObj(id -> Row.random(random, id)).toList();
    for (int step = 0; step < STEPS; step++) {
      StringBuilder done = new StringBuilder();
      List<Row> picked = new ArrayList<>(rows);
      Collections.shuffle(picked, random);
      store(picked.subList(0, 1 + random.nextInt(12)), true);
      change(random, done);
      assertThat(differences()).as("seed %d, step %d:%s", seed, step, done).isEmpty();
    }
    String kept = text();
    asSuperuser("select crm_private." + agent.prefix() + "_conversations_rebuild()");
    assertThat(text()).isEqualTo(kept);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void isTheSameInAnotherOrder(int seed) throws SQLException {
    Random random = new Random(seed);
    for (int i = 0; i < 5; i++) {
      customers.add(newCustomer("c" + i));
    }
    List<Row> rows =
        new ArrayList<>(
            IntStream.rangeClosed(1, MESSAGES).mapToObj(id -> Row.random(random, id)).toList());
    for (Row row : rows) {
      store(List.of(row), false);
    }
    String first = text();
    shop.dsl().execute(sql("delete from {p}_messages"));
    Collections.shuffle(rows, random);
    for (int from = 0; from < MESSAGES; from += 7) {
      store(rows.subList(from, Math.min(MESSAGES, from + 7)), false);
    }
    assertThat(text()).isEqualTo(first);
    assertThat(differences()).isEmpty();
  }

  private void store(List<Row> picked, boolean isDelivered) {
    String values =
        picked.stream()
            .map(
                row ->
                    "(%d, %d, '%s', %s::timestamp, '%s')"
                        .formatted(
                            row.id(),
                            customers.get(row.customer()),
                            row.direction(),
                            row.time(),
                            row.number()))
            .reduce((a, b) -> a + ", " + b)
            .orElseThrow();
    String from = " from (values " + values + ") as v (id, customer, direction, at, number)";
    shop.dsl()
        .execute(
            sql(
                isDelivered
                    ? "with told as (insert into {p}_whatsapp_deliveries (provider_id, message_id,"
                        + " phone_number_id) select 'w' || v.id, v.id, v.number"
                        + from
                        + " on conflict (provider_id) do nothing returning message_id) insert into"
                        + " {p}_messages (id, customer_id, message, direction, timestamp) select"
                        + " v.id, v.customer, 'x', v.direction, v.at"
                        + from
                        + " join told t on t.message_id = v.id"
                    : "insert into {p}_messages (id, customer_id, message, direction, timestamp)"
                        + " select v.id, v.customer, 'x', v.direction, v.at"
                        + from));
  }

  private void change(Random random, StringBuilder done) {
    String some = " where id in (select id from {p}_messages where id %% 7 = %d)";
    if (random.nextInt(6) == 0) {
      run(done, "delete from {p}_messages" + some, random);
    }
    if (random.nextInt(8) == 0) {
      int by = random.nextInt(11) - 5;
      run(
          done,
          "update {p}_messages set timestamp = timestamp + interval '" + by + "s'" + some,
          random);
    }
    if (random.nextInt(8) == 0) {
      int to = customers.get(random.nextInt(5));
      run(done, "update {p}_messages set customer_id = " + to + some, random);
    }
    if (random.nextInt(8) == 0) {
      run(done, "update {p}_messages set message = 'y'" + some, random);
    }
    if (random.nextInt(10) == 0) {
      String other = "case direction when 'inbound' then 'outbound' else 'inbound' end";
      run(done, "update {p}_messages set direction = " + other + some, random);
    }
    if (random.nextInt(6) == 0) {
      several(done, random);
    }
    if (random.nextInt(3) == 0) {
      String id =
          "(select max(id) from {p}_messages m where m.customer_id = c.customer_id and id %% 7 <> %d and timestamp is not null)";
      run(done, "update {p}_conversations c set read_up_to_id = " + id, random);
    }
    if (random.nextInt(3) == 0) {
      run(
          done,
          "update {p}_conversations set set_status = 'closed' where customer_id %% 7 <> %d",
          random);
    }
    if (random.nextInt(10) == 0) {
      run(
          done,
          "update {p}_conversations set set_status = 'open' where customer_id %% 7 <> %d",
          random);
    }
    if (random.nextInt(12) == 0) {
      int place = random.nextInt(5);
      done.append(" delete a customer;");
      shop.customers().delete(customers.get(place));
      customers.set(place, newCustomer("again"));
    }
    if (random.nextInt(8) == 0) {
      done.append(" merge;");
      int lost = merge(customers.get(0), customers.get(1 + random.nextInt(4)));
      customers.set(customers.indexOf(lost), newCustomer("merged"));
    }
  }

  /** One statement that inserts and changes or deletes. */
  private void several(StringBuilder done, Random random) {
    int id = 1000 + random.nextInt(1_000_000);
    String added =
        "%d, %d, 'x', '%s', timestamp '2026-01-01 00:00:%02d.5'"
            .formatted(
                id,
                customers.get(random.nextInt(5)),
                random.nextBoolean() ? "inbound" : "outbound",
                random.nextInt(25));
    String columns = " (id, customer_id, message, direction, timestamp) ";
    String moved = "timestamp + interval '" + (random.nextInt(11) - 5) + "s'";
    String some = " where id %% 7 = %d and id < 1000";
    switch (random.nextInt(4)) {
      case 0 ->
          run(
              done,
              "insert into {p}_messages"
                  + columns
                  + "select id, customer_id, message, direction, timestamp from {p}_messages"
                  + some
                  + " union all select "
                  + added
                  + " on conflict (id) do update set timestamp = excluded."
                  + moved,
              random);
      case 1 ->
          run(
              done,
              "merge into {p}_messages m using (select id from {p}_messages"
                  + some
                  + " union all select "
                  + id
                  + ") v on m.id = v.id when matched and m.id %% 2 = 0 then delete when matched then"
                  + " update set timestamp = m."
                  + moved
                  + " when not matched then insert"
                  + columns
                  + "values ("
                  + added
                  + ")",
              random);
      case 2 ->
          run(
              done,
              "with d as (delete from {p}_messages"
                  + some
                  + " returning *) insert into {p}_messages"
                  + columns
                  + "select id + 2000000, customer_id, 'x', direction, "
                  + moved
                  + " from d on conflict (id) do nothing",
              random);
      default ->
          run(
              done,
              "with u as (update {p}_messages set timestamp = "
                  + moved
                  + some
                  + " returning 1) insert into {p}_messages"
                  + columns
                  + "values ("
                  + added
                  + ")",
              random);
    }
  }

  private void run(StringBuilder done, String text, Random random) {
    String statement = text.formatted(random.nextInt(7));
    done.append(' ').append(statement).append(';');
    shop.dsl().execute(sql(statement));
  }

  /** Who is lost. */
  private int merge(int one, int other) {
    int kept =
        shop.dsl()
            .fetchSingle(
                "select crm_private.merge_customers(?, array[?::integer, ?::integer], null)",
                agent.prefix(),
                one,
                other)
            .get(0, Integer.class);
    int lost = kept == one ? other : one;
    assertThat(shop.customers().find(lost)).isEmpty();
    return lost;
  }

  private String text() throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      return StateOracle.read(DSL.using(connection, SQLDialect.POSTGRES), agent.prefix()).text();
    }
  }
}
