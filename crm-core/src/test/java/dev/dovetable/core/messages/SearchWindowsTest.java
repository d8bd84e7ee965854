package dev.dovetable.core.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.schema.migration.AgentMigrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searching goes back in time window by window: it misses nothing, and reads little. */
class SearchWindowsTest extends DatabaseTest {
  /** What the first window has at most, with a row where each later one begins. */
  private static final int WINDOW = 510;

  private Agent agent;
  private TenantScope scope;
  private int ada;
  private int bo;

  @BeforeAll
  static void register() {
    AgentMigrations.builder(MessageSearch.extension())
        .schema(Installed.SCHEMA)
        .build()
        .run(database.dataSource());
  }

  @BeforeEach
  void makeAgent() {
    agent = newAgent();
    scope = crm.asAgent(agent.prefix());
    ada = scope.customers().create(new NewCustomer("Ada", "1")).id();
    bo = scope.customers().create(new NewCustomer("Bo", "2")).id();
  }

  private void asOwner(String sql) throws SQLException {
    try (Connection owner = database.dataSource().getConnection();
        Statement statement = owner.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<Integer> ids(String sql) throws SQLException {
    try (Connection owner = database.dataSource().getConnection()) {
      return DSL.using(owner, SQLDialect.POSTGRES).resultQuery(sql).fetch(0, Integer.class);
    }
  }

  /**
   * As people write, by day and by night; as an import without order brings it; more in one moment
   * than a window has; and over centuries.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "interval '1 second' * i",
        "interval '20 minutes' * i",
        "interval '1 hour' * (hashint4(i)::bigint % 20000)",
        "interval '1 hour' * (i / 1500)",
        "interval '1 month' * i"
      })
  void pagesHoldWhatReadingAllWouldFind(String time) throws SQLException {
    asOwner(
        """
        insert into crm.%1$s_messages (customer_id, message, direction, timestamp)
        select case when i %% 100 = 0 then %3$d else %2$d end,
          'every' || case when i %% 7 = 0 then ' week' else '' end || case when i %% 300 = 0 then ' seldom' else '' end
            || case when i between 200 and 250 then ' once' else '' end || ' ' || 1000000 + i,
          'inbound', case when i <> 10 then timestamp '2025-03-01' + %4$s end
        from generate_series(1, 6000) as i
        """
            .formatted(agent.prefix(), ada, bo, time));
    MessageSearch everywhere = MessageSearch.everywhere();
    for (String words :
        List.of("every", "week", "seldom", "once", "every seldom", "000017", "absent")) {
      String all =
          "select id from crm.%s_messages where message ~ '%s' and timestamp is not null%s order by timestamp desc, id desc";
      String pattern = words.replace(" ", ".*");
      assertThat(walk(words, everywhere))
          .as(words)
          .isEqualTo(ids(all.formatted(agent.prefix(), pattern, "")));
      assertThat(walk(words, everywhere.ofCustomer(bo)))
          .as(words)
          .isEqualTo(ids(all.formatted(agent.prefix(), pattern, " and customer_id = " + bo)));
    }
  }

  private List<Integer> walk(String words, MessageSearch where) {
    List<Integer> seen = new ArrayList<>();
    Optional<Cursor> after = Optional.empty();
    do {
      Page<FoundMessage> page =
          scope.messages().search(words, where, new PageRequest(seen.isEmpty() ? 30 : 700, after));
      page.items().forEach(found -> seen.add(found.message().id()));
      after = page.next();
    } while (after.isPresent());
    return seen;
  }

  /** Row by row, any order, would compute what each is found by: 30 s where there are a million. */
  @ParameterizedTest
  @ValueSource(strings = {"1 second", "10 minutes"})
  void readsNoMoreThanAWindowAndWhatItFinds(String each) throws SQLException {
    asOwner(
        """
          insert into crm.%1$s_messages (customer_id, message, direction, timestamp)
          select case when i %% 100 = 0 then %3$d else %2$d end,
            'often ' || case when i between 300 and 399 then 'once ' else '' end || i, 'inbound',
            timestamp '2024-01-01' + i * interval '%4$s'
          from generate_series(1, 8000) i;
          analyze crm.%1$s_messages
          """
            .formatted(agent.prefix(), ada, bo, each));
    read("'absent'", 0, 0);
    read("'once'", 30, 100);
    read("'often'", 30, 768);
    read("'often once'", 30, 100);
    read("'once', customer => " + bo, 1, 1);
    read("'often', customer => " + bo, 30, 80);
    String middle = "timestamp '2024-01-01' + 4000 * interval '" + each + "'";
    read("'often', before_time => " + middle, 30, 768);
  }

  private void read(String arguments, int found, int most) {
    scope.transaction(
        tx -> {
          String search =
              "select count(*)::integer from crm.search_messages('%s', %s)"
                  .formatted(agent.prefix(), arguments);
          List<Integer> before = read(tx);
          assertThat(tx.dsl().fetchSingle(search).get(0)).as(arguments).isEqualTo(found);
          List<Integer> after = read(tx);
          assertThat(after.get(0)).as("tables read in sequence").isEqualTo(before.get(0));
          assertThat(after.get(1) - before.get(1)).as(arguments).isLessThanOrEqualTo(WINDOW + most);
          assertThat(tx.dsl().fetchSingle("show enable_seqscan").get(0)).isEqualTo("on");
          return found;
        });
  }

  private List<Integer> read(TenantScope tx) {
    return tx.dsl()
        .fetchSingle(
            "select sum(seq_scan)::integer as scans, sum(idx_tup_fetch)::integer as read"
                + " from pg_stat_xact_user_tables where relname = ?",
            agent.prefix() + "_messages")
        .map(row -> List.of(row.get(0, Integer.class), row.get(1, Integer.class)));
  }
}
