package dev.dovetable.core.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.fixture.Concurrently;
import dev.dovetable.core.webhooks.WebhookBodies;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Several write at once, or somebody doesn't end: nobody waits, and in the end all is exact. */
class InboxContentionTest extends InboxTest {
  private static final int WRITERS = 8;
  private static final int ROUNDS = "long".equals(System.getProperty("crm.test.form")) ? 500 : 40;

  @Test
  void isExactAndKnowsNoDeadlock() throws Exception {
    List<Integer> customers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      customers.add(newCustomer("c" + i));
    }
    int before = deadlocks();
    Concurrently.run(
        WRITERS,
        thread -> {
          Random random = new Random(thread);
          for (int round = 0; round < ROUNDS; round++) {
            act(random, customers);
          }
          return thread;
        });
    assertThat(differences()).isEmpty();
    assertThat(deadlocks()).isEqualTo(before);
  }

  private void act(Random random, List<Integer> customers) {
    int one = customers.get(random.nextInt(customers.size()));
    int other = customers.get(random.nextInt(customers.size()));
    String at = "2026-11-01 10:00:%02d".formatted(random.nextInt(60));
    switch (random.nextInt(8)) {
      case 0 ->
          shop.dsl()
              .execute(
                  sql(
                      "delete from {p}_messages where id in (select id from {p}_messages order by id desc offset 5 limit 2)"));
      case 1 ->
          state(one)
              .lastMessage()
              .ifPresent(id -> ignoringGone(() -> shop.inbox().markRead(one, id)));
      case 2 -> {
        ConversationState seen = state(one);
        seen.lastMessage()
            .ifPresent(id -> ignoringGone(() -> shop.inbox().close(one, id, seen.version())));
      }
      case 3 ->
          shop.dsl()
              .execute(
                  sql(
                      "insert into {p}_messages (customer_id, message, direction, timestamp) select c, 'x', 'inbound', ?::timestamp from (values (?), (?)) v (c)"),
                  at,
                  other,
                  one);
      // In whatever order, which deadlocks where rows are locked until the end.
      default ->
          shop.transaction(
              inner -> {
                message(inner, one, "inbound", at);
                message(inner, other, "outbound", at);
                return one;
              });
    }
  }

  private static void ignoringGone(Runnable work) {
    try {
      work.run();
    } catch (NotFoundException | ConversationConflictException e) {
      // Somebody has deleted it, or was faster.
    }
  }

  private int deadlocks() throws SQLException {
    return Integer.parseInt(
        superuser("select deadlocks from pg_stat_database where datname = current_database()")
            .orElseThrow());
  }

  /** As the host does: it has written to one customer, and doesn't end. */
  @Test
  void callbacksDontWaitForAnIdleTransaction() throws Exception {
    String number = "10459011777";
    crm.asService()
        .whatsapp()
        .save(
            NewWhatsAppConfig.of(agent.userId().orElseThrow(), "15550199", "https://x.example")
                .phoneNumberId(number));
    Webhooks webhooks = receiver(pool).webhooks();
    deliver(webhooks, number, "ada", 1);
    deliver(webhooks, number, "bo", 2);
    int ada = shop.customers().findByPhone("15550101").orElseThrow().id();
    int bo = shop.customers().findByPhone("15550102").orElseThrow().id();
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(
          sql(
              "insert into {p}_messages (customer_id, message, direction) values ("
                  + ada
                  + ", 'x', 'outbound')"));

      // They would wait until the end of the test.
      deliver(webhooks, number, "ada", 3);
      deliver(webhooks, number, "bo", 4);
      assertThat(state(bo).unread()).isEqualTo(2);
      assertThat(state(ada).unread()).as("not counted as long as that is open").isEqualTo(1);
      assertThat(shop.messages().count(ada)).isEqualTo(2);
      connection.commit();
    }
    assertThat(state(ada).unread()).isEqualTo(2);
    assertThat(differences()).isEmpty();

    // One that only assigns holds the row, too, and takes it back.
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(
          sql("update {p}_conversations set set_status = 'closed' where customer_id = " + ada));
      deliver(webhooks, number, "ada", 5);
      connection.rollback();
    }
    assertThat(superuser("select count(*) from {p}_conversation_marks")).contains("1");
    deliver(webhooks, number, "bo", 6);
    assertThat(state(ada).unread()).isEqualTo(3);
    assertThat(differences()).isEmpty();
  }

  private static void deliver(Webhooks webhooks, String number, String who, int n) {
    String phone = who.equals("ada") ? "15550101" : "15550102";
    String body = WebhookBodies.body(number, Text.from("wamid." + n, phone, who, n));
    assertThat(webhooks.receive(body.getBytes(UTF_8), null).count(Outcome.STORED)).isEqualTo(1);
  }

  @Test
  void aMarkOfACustomerWhoIsGoneGoesWithTheNextWrite() throws Exception {
    int ada = newCustomer("Ada");
    int bo = newCustomer("Bo");
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(sql("update {p}_conversations set set_status = 'closed'"));
      message(ada, "inbound", "2026-11-01 10:00:00");
      statement.execute(sql("delete from {p}_customers where id = " + ada));
      connection.commit();
    }
    message(bo, "inbound", "2026-11-01 10:00:00");
    assertThat(differences()).isEmpty();
  }

  /** What it deletes isn't counted until whoever has the conversation ends; the list goes on. */
  @Test
  void aListDoesNotEndWhereALastMessageIsGone() throws Exception {
    List<Integer> customers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      customers.add(newCustomer("c" + i));
      message(customers.get(i), "inbound", "2026-11-01 10:00:0" + i);
    }
    int kept = message(customers.get(4), "outbound", "2026-11-01 10:00:00");
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(sql("update {p}_conversations set set_status = 'closed'"));
      shop.messages().delete(state(customers.get(4)).lastMessage().orElseThrow());
      shop.messages().delete(state(customers.get(2)).lastMessage().orElseThrow());

      List<InboxConversation> shown = new ArrayList<>();
      PageRequest page = PageRequest.first(2);
      Page<InboxConversation> part = shop.conversations().list(ConversationFilter.all(), page);
      shown.addAll(part.items());
      while (part.next().isPresent()) {
        part = shop.conversations().list(ConversationFilter.all(), page.after(part.next().get()));
        shown.addAll(part.items());
      }
      assertThat(shown)
          .extracting(each -> each.customer().name())
          .containsExactly("c5", "c4", "c3", "c1", "c0");
      assertThat(shown.get(1).lastMessage().id()).as("the next best").isEqualTo(kept);
      assertThat(
              shop.conversations()
                  .list(
                      ConversationFilter.all(),
                      page.after(shop.conversations().placeOf(shown.get(1))))
                  .items())
          .first()
          .isEqualTo(shown.get(2));
      connection.rollback();
    }
  }

  /** A trigger of the host's that answers writes within the statement that it answers. */
  @Test
  void countsOnceWhatATriggerOfTheHostAnswers() throws Exception {
    asSuperuser(
        """
        create function crm.answer() returns trigger language plpgsql as $$
        begin
          if new.direction = 'inbound' then
            insert into {p}_messages (customer_id, message, direction, timestamp)
            values (new.customer_id, 'Thanks.', 'outbound', new.timestamp + interval '1s');
          end if;
          return null;
        end
        $$
        """);
    asSuperuser(
        "create trigger answer after insert on {p}_messages for each row execute function crm.answer()");
    int ada = newCustomer("Ada");
    message(ada, "inbound", "2026-11-01 10:00:00");
    message(ada, "inbound", "2026-11-01 10:00:05");
    assertThat(state(ada).unread()).isEqualTo(2);
    assertThat(state(ada).waitingSince()).isEmpty();
    assertThat(differences()).isEmpty();
    TenantScope service = crm.asService().tenant(agent.prefix());
    assertThat(service.inbox().find(ada)).contains(state(ada));
  }
}
