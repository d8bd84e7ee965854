package dev.dovetable.core.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.webhooks.Webhooks;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a page reads: rows, not times. Three of ten conversations are open, of which every third is
 * unread and every tenth each person's; half of all have the tag "half", ten the tag "rare".
 */
class ConversationPlansTest extends DatabaseTest {
  private static final UUID ME = ConversationRows.PEOPLE.get(0);
  private static final PageRequest PAGE = PageRequest.first(30);

  /** Conversations, messages, customers, deliveries, statuses and tags of a page and one more. */
  private static final long ROWS_OF_A_PAGE = 31 * 7;

  private static TenantScope scope;

  @BeforeAll
  static void fill() throws SQLException {
    InboxTest.run(Webhooks.extension(), Inbox.extension());
    String prefix = newAgent().prefix();
    scope = crm.asAgent(prefix);
    new ConversationRows(database, prefix)
        .run(
            """
            set session_replication_role = replica;
            insert into crm.{p}_customers (agent_id, name, phone)
            select a.id, 'C' || n, '' || n from crm.agents a, generate_series(1, 6000) as n where a.agent_prefix = '{p}';
            insert into crm.{p}_messages (customer_id, message, direction, timestamp)
            select id, 'm', 'outbound', timestamp '2025-01-01' + interval '1 h' * id from crm.{p}_customers;
            insert into crm.{p}_whatsapp_deliveries (provider_id, message_id) select 'w' || id, id from crm.{p}_messages;
            insert into crm.{p}_whatsapp_statuses (provider_id) select 'w' || id from crm.{p}_messages;
            insert into crm.{p}_conversations (
              customer_id, last_message_at, last_message_id, set_status, unread, assignee, snoozed_until
            )
            select customer_id, timestamp, id,
              case when r.open then case when r.n % 50 = 0 then 'snoozed' else 'open' end else 'closed' end,
              case when r.open and r.n % 3 = 0 then 1 else 0 end,
              case when r.n % 11 > 0 then ('00000000-0000-0000-0000-0000000000' || lpad('' || r.n % 11, 2, '0'))::uuid end,
              case when r.open and r.n % 50 = 0 then now() - interval '1 day' end
            from crm.{p}_messages
            cross join lateral (select abs(hashint4(id) % 10) < 3 as open, abs(hashint4(id + 1000000)) as n) as r;
            insert into crm.{p}_conversation_tags (customer_id, tag)
            select id, 'half' from crm.{p}_customers where id % 2 = 0 union all
            select id, 'rare' from crm.{p}_customers where id % 600 = 0;
            analyze crm.{p}_customers, crm.{p}_messages, crm.{p}_whatsapp_deliveries, crm.{p}_whatsapp_statuses,
              crm.{p}_conversations, crm.{p}_conversation_tags;
            """);
  }

  /** However the values are planned for: a connection keeps a plan for all of them. */
  @ParameterizedTest
  @CsvSource({
    "force_custom_plan, false", "force_custom_plan, true",
    "force_generic_plan, false", "force_generic_plan, true"
  })
  void pageReadsLittleMoreThanItHolds(String mode, boolean fromTheMiddle) {
    ConversationFilter open = ConversationFilter.open();
    assertThat(read(ConversationFilter.all(), mode, fromTheMiddle)).isBetween(100L, ROWS_OF_A_PAGE);
    assertThat(read(open, mode, fromTheMiddle)).isBetween(100L, ROWS_OF_A_PAGE);
    assertThat(read(open.unread(), mode, fromTheMiddle)).isBetween(100L, ROWS_OF_A_PAGE);
    // Either one in twenty of the open ones, or all of this person's, sorted.
    assertThat(read(open.assignedTo(ME), mode, fromTheMiddle))
        .isBetween(100L, ROWS_OF_A_PAGE + 200);
    // One of eleven, and half of these.
    assertThat(read(open.unread().unassigned().tagged("half"), mode, fromTheMiddle))
        .isBetween(100L, ROWS_OF_A_PAGE + 401 + 1_500);
    assertThat(read(open.tagged("half"), mode, fromTheMiddle))
        .isBetween(100L, ROWS_OF_A_PAGE + 401 + 200);
  }

  @ParameterizedTest
  @CsvSource({"force_custom_plan", "force_generic_plan"})
  void rareTagIsLookedUpRatherThanMet(String mode) {
    assertThat(read(ConversationFilter.all().tagged("rare"), mode, false)).isBetween(10L, 150L);
    assertThat(read(ConversationFilter.open().tagged("nobody's"), mode, false)).isZero();
  }

  private static long read(ConversationFilter filter, String mode, boolean fromTheMiddle) {
    PageRequest page =
        fromTheMiddle
            ? PAGE.after(
                scope
                    .conversations()
                    .placeOf(
                        scope
                            .conversations()
                            .list(ConversationFilter.all(), PageRequest.first(1000))
                            .items()
                            .get(999)))
            : PAGE;
    return scope.transaction(
        tx -> {
          tx.dsl().execute("set local plan_cache_mode = " + mode);
          List<Long> before = read(tx);
          tx.conversations().list(filter, page);
          List<Long> after = read(tx);
          assertThat(after.get(0)).as("tables read in sequence").isEqualTo(before.get(0));
          return after.get(1) - before.get(1);
        });
  }

  /** By this transaction: scans of whole tables, and rows. */
  private static List<Long> read(TenantScope tx) {
    return tx.dsl()
        .fetchSingle(
            "select sum(seq_scan)::bigint as scans, sum(seq_tup_read + idx_tup_fetch)::bigint as read"
                + " from pg_stat_xact_user_tables where relname like ?",
            tx.prefix() + "\\_%")
        .map(row -> List.of(row.get(0, Long.class), row.get(1, Long.class)));
  }
}
