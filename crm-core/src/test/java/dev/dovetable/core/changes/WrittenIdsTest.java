package dev.dovetable.core.changes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.agents.Agent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The feed against row triggers of the test's own, whatever statement writes. */
class WrittenIdsTest extends FeedTest {
  private static final List<String> TABLES = List.of("customers", "messages", "orders");
  private static final int STEPS = 120;

  @Test
  void areExactlyThose() {
    Agent agent = newAgent();
    String p = "crm." + agent.prefix() + "_";
    audit(p);
    asSuperuser(
        "insert into %scustomers (agent_id, name, phone) select %d, 'c', i::text from generate_series(1, 9) i"
            .formatted(p, agent.id()));
    asSuperuser("truncate public.audit");
    ChangeCursor start = all().now();
    Random random = new Random(21);
    for (int i = 0; i < STEPS; i++) {
      asSuperuser(statement(p, agent.id(), random));
    }

    List<String> told = new ArrayList<>();
    TreeSet<String> rows = new TreeSet<>();
    drain(
        all(),
        start,
        change -> {
          told.add(change.topic());
          change
              .ids()
              .forEach(id -> rows.add(change.topic() + " " + change.operation() + " " + id));
          if (change.topic().equals(ChangeFeed.MESSAGES)) {
            change
                .customerIds()
                .forEach(id -> rows.add("customer " + change.operation() + " " + id));
          }
        });

    assertThat(rows).containsExactlyElementsOf(new TreeSet<>(written()));
    // Statements that write nothing tell nothing; the others one each, or one for each thousand.
    assertThat(told.size()).isBetween(STEPS / 2, STEPS * 4);
    assertThat(new TreeSet<>(told)).containsExactlyElementsOf(TABLES);
  }

  private static void audit(String p) {
    asSuperuser(
        """
        create table public.audit (entry text);
        create function public.note() returns trigger language plpgsql security definer as $$
        begin
          if tg_op <> 'DELETE' then
            insert into public.audit values (tg_argv[0] || ' ' || tg_op || ' ' || new.id);
          end if;
          if tg_op <> 'INSERT' then
            insert into public.audit values (tg_argv[0] || ' ' || tg_op || ' ' || old.id);
          end if;
          if tg_argv[0] = 'messages' then
            if tg_op <> 'DELETE' then
              insert into public.audit values ('customer ' || tg_op || ' ' || new.customer_id);
            end if;
            if tg_op <> 'INSERT' then
              insert into public.audit values ('customer ' || tg_op || ' ' || old.customer_id);
            end if;
          end if;
          return null;
        end $$
        """);
    for (String table : TABLES) {
      asSuperuser(
          "create trigger note after insert or update or delete on %s%s for each row execute function public.note('%s')"
              .formatted(p, table, table));
    }
  }

  private static List<String> written() {
    return superuser("select distinct entry from public.audit");
  }

  /** Of one table or several at once, of no row or thousands, by upsert, cascade and savepoint. */
  private static String statement(String p, long agent, Random random) {
    String some =
        "(select c.id from %scustomers c order by hashtext(c.id::text || '%d') limit %d)"
            .formatted(p, random.nextInt(1000), random.nextInt(4));
    int rows = random.nextInt(20) == 0 ? 1500 : random.nextInt(5);
    return switch (random.nextInt(9)) {
      case 0 ->
          "insert into %scustomers (agent_id, name, phone) select %d, 'n', i::text from generate_series(1, %d) i"
              .formatted(p, agent, random.nextInt(3));
      case 1, 2 ->
          ("insert into %smessages (customer_id, message, direction)"
                  + " select c.id, 'x', 'inbound' from %s c cross join generate_series(1, %d)")
              .formatted(p, some, rows);
      case 3 ->
          "update %smessages set customer_id = (select max(c.id) from %scustomers c) where customer_id in %s"
              .formatted(p, p, some);
      case 4 -> "delete from %smessages where customer_id in %s".formatted(p, some);
      case 5 -> "delete from %scustomers where id in %s and id > 5".formatted(p, some);
      case 6 ->
          ("with o as (insert into %sorders (customer_id) select id from %s c returning id)"
                  + " insert into %sorders_items (order_id, name, price) select id, 'i', 1 from o")
              .formatted(p, some, p);
      case 7 ->
          ("insert into %scustomers (id, agent_id, name, phone) select id, %d, 'u', 'u' from %s c"
                  + " on conflict (id) do update set name = 'u'")
              .formatted(p, agent, some);
      default ->
          ("begin; savepoint a; delete from %smessages; rollback to a;"
                  + " update %sorders set notes = 'n' where customer_id in %s; commit")
              .formatted(p, p, some);
    };
  }

  @Test
  void emptiedTablesAreTold() {
    Agent agent = newAgent();
    ChangeCursor start = all().now();
    asSuperuser("truncate crm.%s_messages cascade".formatted(agent.prefix()));
    assertThat(since(all(), start))
        .filteredOn(change -> change.topic().equals(ChangeFeed.MESSAGES))
        .extracting(Change::operation, Change::ids)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                ChangeOperation.TRUNCATE, Collections.<Long>emptyList()));
  }
}
