package dev.dovetable.core.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.deliveries.DeliveryState;
import dev.dovetable.core.deliveries.MessageDetails;
import dev.dovetable.core.deliveries.TimelineMessage;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.users.UserRole;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a screen shows of a conversation; {@link TimelineOrderTest} has any order. */
class TimelineTest extends ToldTest {
  @Test
  void aScreenHasAllThatIsToldOfAMessage() {
    Customer ada = shop.scope().customers().create(new NewCustomer("Ada", ADA));
    Message offer =
        shop.scope()
            .deliveries()
            .record(
                NewMessage.outbound(ada.id(), "Like thsi?").at(Instant.ofEpochSecond(1)),
                "wamid.1");
    tell(
        "'statuses':[{'id':'wamid.1','status':'read','timestamp':'2','recipient_id':'"
            + ADA
            + "'}]");
    receive(
        body(
            "smb_message_echoes",
            "'message_echoes':[{'to':'%s',%s]"
                .formatted(
                    ADA,
                    of(
                            "wamid.2",
                            OWN,
                            3,
                            "edit",
                            "{'original_message_id':'wamid.1','message':{'type':'text','text':{'body':'Like this?'}}}")
                        .substring(1))));
    tell(
        "'messages':[%s,{'context':{'id':'wamid.1'},%s]"
            .formatted(
                of("wamid.3", ADA, 4, "reaction", "{'message_id':'wamid.1','emoji':'👍'}"),
                of(
                        "wamid.4",
                        ADA,
                        5,
                        "document",
                        "{'id':'9001','mime_type':'application/pdf','filename':'plan.pdf'}")
                    .substring(1)));

    List<TimelineMessage> screen = shop.scope().deliveries().timeline(ada.id(), PAGE).items();

    assertThat(screen).hasSize(2);
    TimelineMessage answer = screen.get(0);
    assertThat(answer.quoted()).contains(offer);
    MessageDetails file = answer.details().orElseThrow();
    assertThat(file.kind()).isEqualTo("document");
    assertThat(file.mediaId()).contains("9001");
    assertThat(file.fileName()).contains("plan.pdf");
    assertThat(file.phoneNumberId()).contains(shop.phoneNumberId());
    TimelineMessage first = screen.get(1);
    assertThat(first.message()).isEqualTo(offer);
    assertThat(first.text()).isEqualTo("Like this?");
    assertThat(first.details()).isEmpty();
    assertThat(first.delivery()).isEqualTo(shop.scope().deliveries().find(offer.id()));
    assertThat(first.delivery().orElseThrow().state()).contains(DeliveryState.READ);
    assertThat(first.delivery().orElseThrow().reactions()).hasSize(1);
    assertThat(first.delivery().orElseThrow().sentBy()).isEqualTo(shop.agent().userId());
    assertThat(first.delivery().orElseThrow().phoneNumberId()).contains(shop.phoneNumberId());
    assertThat(answer.delivery().orElseThrow().phoneNumberId()).contains(shop.phoneNumberId());
    assertThat(answer.delivery().orElseThrow().sentBy()).isEmpty();
  }

  @Test
  void aMessageThatOnlyTheApplicationKnowsIsThereToo() {
    TenantScope scope = shop.scope();
    int ada = scope.customers().create(new NewCustomer("Ada", ADA)).id();
    Message note = scope.messages().recordInbound(ada, "By phone", Instant.ofEpochSecond(1));
    Message sent = scope.messages().recordOutbound(ada, "By fax", Instant.ofEpochSecond(1));

    assertThat(scope.deliveries().timelineOldestFirst(ada, PAGE).items())
        .containsExactly(
            new TimelineMessage(note, none(), none(), none()),
            new TimelineMessage(sent, none(), none(), none()));
    assertThat(scope.deliveries().timeline(-1, PAGE).items()).isEmpty();
  }

  @Test
  void itsCursorsAreThoseOfThePlainTimeline() {
    TenantScope scope = shop.scope();
    int ada = scope.customers().create(new NewCustomer("Ada", ADA)).id();
    for (int i = 0; i < 5; i++) {
      scope.messages().recordInbound(ada, "" + i, Instant.ofEpochSecond(i));
    }
    PageRequest two = PageRequest.first(2);
    PageRequest next = two.after(scope.messages().timeline(ada, two).next().orElseThrow());

    assertThat(scope.deliveries().timeline(ada, next).items())
        .extracting(TimelineMessage::message)
        .isEqualTo(scope.messages().timeline(ada, next).items());
    assertThat(scope.deliveries().timelineOldestFirst(ada, next).items())
        .extracting(TimelineMessage::text)
        .containsExactly("4");
    assertThat(scope.deliveries().timeline(ada, two).next())
        .isEqualTo(scope.messages().timeline(ada, two).next());
    Thrown.invalid(
        InvalidDataException.Kind.CURSOR, () -> scope.deliveries().timeline(ada + 1, next));
  }

  @Test
  void asksForManyAtOnce() {
    tell(
        "'messages':[%s,%s]"
            .formatted(text("wamid.1", ADA, 1, "one"), text("wamid.2", ADA, 2, "two")));
    Message one = message("wamid.1");
    Message two = message("wamid.2");
    Message bare = shop.scope().messages().recordOutbound(one.customerId(), "three");
    List<Integer> ids = List.of(one.id(), two.id(), two.id(), bare.id(), -1);

    assertThat(shop.scope().deliveries().find(ids)).containsOnlyKeys(one.id(), two.id());
    assertThat(shop.scope().deliveries().find(ids).get(two.id())).isEqualTo(delivery("wamid.2"));
    assertThat(shop.scope().deliveries().details(ids)).containsOnlyKeys(one.id(), two.id());
    assertThat(shop.scope().deliveries().details(ids).get(one.id()))
        .isEqualTo(shop.scope().deliveries().details(one.id()).orElseThrow());
    assertThat(shop.scope().deliveries().find(List.of())).isEmpty();
    List<Integer> many = IntStream.rangeClosed(1, 1001).boxed().toList();
    assertThat(shop.scope().deliveries().details(many.subList(0, 1000))).hasSizeBetween(0, 2);
    Thrown.invalid(
        InvalidDataException.Kind.OUT_OF_BOUNDS, () -> shop.scope().deliveries().find(many));
    Thrown.invalid(
        InvalidDataException.Kind.OUT_OF_BOUNDS, () -> shop.scope().deliveries().details(many));
  }

  @Test
  void nobodyElseSeesAnyOfIt() {
    tell("'messages':[%s]".formatted(text("wamid.1", ADA, 1, "one")));
    Message one = message("wamid.1");
    TenantScope stranger =
        crm.as(Actor.user(newUser(UserRole.AGENT).id())).tenant(shop.agent().prefix());

    assertThat(stranger.deliveries().timeline(one.customerId(), PAGE).items()).isEmpty();
    assertThat(stranger.deliveries().find(List.of(one.id()))).isEmpty();
    assertThat(stranger.deliveries().details(List.of(one.id()))).isEmpty();
    assertThat(
            crm.asService()
                .tenant(shop.agent().prefix())
                .deliveries()
                .timeline(one.customerId(), PAGE)
                .items())
        .hasSize(1);
  }

  @Test
  void withoutTheTablesOfWebhooksItSaysWhatToRun() throws Exception {
    String prefix = shop.agent().prefix();
    asSuperuser("drop table crm.%s_whatsapp_deliveries".formatted(prefix));
    int ada = shop.scope().customers().create(new NewCustomer("Ada", ADA)).id();
    shop.scope().messages().recordInbound(ada, "By phone");

    assertThatThrownBy(() -> shop.scope().deliveries().timeline(ada, PAGE))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(RefusedException.Reason.WEBHOOKS_NOT_REGISTERED);
              assertThat(e.remedy()).contains("Webhooks.extension()");
            });
    assertThat(shop.scope().messages().timeline(ada, PAGE).items()).hasSize(1);
  }

  /** Rows, not times: what a page reads is the same in a conversation of any length. */
  @Test
  void readsAsMuchOfALongConversationAsOfAShortOne() throws Exception {
    String prefix = shop.agent().prefix();
    TenantScope scope = shop.scope();
    // Analysed in between by itself, tables would say that all messages are the first customer's.
    for (String table : List.of("messages", "whatsapp_deliveries", "whatsapp_statuses")) {
      asSuperuser("alter table crm.%s_%s set (autovacuum_enabled = off)".formatted(prefix, table));
    }
    int brief = scope.customers().create(new NewCustomer("Brief", "1")).id();
    int endless = scope.customers().create(new NewCustomer("Endless", "2")).id();
    fill(prefix, brief, 400);
    fill(prefix, endless, 46_000);
    for (String analyze : List.of("", "analyze")) {
      if (!analyze.isEmpty()) {
        for (String table : List.of("messages", "whatsapp_deliveries", "whatsapp_statuses")) {
          asSuperuser("analyze crm.%s_%s".formatted(prefix, table));
        }
      }
      long few = rowsRead(scope, brief, PageRequest.first(50));
      PageRequest deep =
          PageRequest.first(50)
              .after(
                  scope
                      .messages()
                      .placeOf(scope.messages().find(inTheMiddle(prefix, endless)).orElseThrow()));

      assertThat(few).isBetween(100L, 1_500L);
      assertThat(rowsRead(scope, endless, PageRequest.first(50))).isBetween(100L, few + 100);
      assertThat(rowsRead(scope, endless, deep)).isBetween(100L, few + 100);
    }
  }

  /** One in the middle. */
  private static int inTheMiddle(String prefix, int customer) throws Exception {
    return Integer.parseInt(
        superuser(
                "select id from crm.%s_messages where customer_id = %d and timestamp >= '2026-02-01 06:00' order by timestamp limit 1"
                    .formatted(prefix, customer))
            .get(0));
  }

  /** Every tenth message is a reaction to the one before it, every seventh an answer to that. */
  private static void fill(String prefix, int customer, int count) throws Exception {
    asSuperuser(
        """
        with made as (
          insert into crm.{p}_messages (customer_id, message, direction, timestamp)
          select {c}, 'm' || n, case n % 2 when 0 then 'inbound' else 'outbound' end,
            timestamp '2026-02-01' + n * interval '1 s'
          from generate_series(1, {n}) as n
          returning id, substr(message, 2)::integer as n
        ), told as (
          insert into crm.{p}_whatsapp_statuses (provider_id, sent_at, read_at)
          select 'w{c}.' || n, now(), now() from made where n % 2 = 1
        )
        insert into crm.{p}_whatsapp_deliveries (provider_id, message_id, kind, concerns, emoji, reply_to, payload)
        select 'w{c}.' || n, id, case n % 10 when 0 then 'reaction' else 'text' end,
          case n % 10 when 0 then 'w{c}.' || n - 1 end, case n % 10 when 0 then 'x' end,
          case n % 7 when 0 then 'w{c}.' || n - 1 end, '{}'
        from made
        """
            .replace("{p}", prefix)
            .replace("{c}", "" + customer)
            .replace("{n}", "" + count));
  }

  private static long rowsRead(TenantScope scope, int customer, PageRequest page) {
    return scope.transaction(
        tx -> {
          long before = rowsRead(tx);
          assertThat(tx.deliveries().timeline(customer, page).items()).hasSize(50);
          return rowsRead(tx) - before;
        });
  }

  /** By this transaction. */
  private static long rowsRead(TenantScope tx) {
    return tx.dsl()
        .fetchSingle(
            "select sum(seq_tup_read + idx_tup_fetch)::bigint from pg_stat_xact_user_tables"
                + " where relname like ?",
            tx.prefix() + "\\_%")
        .get(0, Long.class);
  }

  private static <T> Optional<T> none() {
    return Optional.empty();
  }
}
