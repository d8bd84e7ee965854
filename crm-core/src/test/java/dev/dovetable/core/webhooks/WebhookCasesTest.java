package dev.dovetable.core.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.Crm;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.internal.payload.Samples;
import dev.dovetable.core.internal.payload.Samples.Sample;
import dev.dovetable.core.news.NewsContent;
import dev.dovetable.core.webhooks.WebhookReport.Result;
import dev.dovetable.core.whatsapp.WhatsAppConfigChanges;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each sample alone, told to a business that knows nobody: what becomes of it stands in {@code
 * cases.txt}, line by line.
 */
class WebhookCasesTest extends WebhookTest {
  private static final PageRequest PAGE = PageRequest.first(100);
  private static final List<String> NUMBERS = List.of("104590110000110", "104590120000120");

  /** What is in an agent's tables, without ids. */
  private static final String ROWS =
      """
      select line
      from (
        select 1 as part, m.id::text as place, 'message: ' || concat_ws(' | ',
          c.name || ' <' || c.phone || '>', m.direction, d.kind,
          to_char(m.timestamp, 'YYYY-MM-DD HH24:MI:SS'), replace(m.message, chr(10), '⏎'),
          'file ' || nullif(concat_ws(' ', d.media_id, d.mime_type, d.file_name, d.caption), ''),
          case when d.reply_to is not null then 'a reply' end,
          case when d.concerns is not null then 'about another one' end,
          'new text ' || d.new_text, 'emoji ' || d.emoji,
          'by ' || nullif(
            concat_ws(' ', d.participant_name, d.participant_phone, d.participant_user_id), ''),
          'at ' || d.latitude || ', ' || d.longitude, 'awaits ' || d.awaits) as line
        from crm.{p}_messages m
        join crm.{p}_customers c on c.id = m.customer_id
        join crm.{p}_whatsapp_deliveries d on d.message_id = m.id
        union all
        select 2, s.provider_id collate "C", 'status: ' || concat_ws(' | ', s.state,
          to_char(s.sent_at, '"sent" HH24:MI:SS'), to_char(s.delivered_at, '"delivered" HH24:MI:SS'),
          to_char(s.read_at, '"read" HH24:MI:SS'), to_char(s.played_at, '"played" HH24:MI:SS'),
          to_char(s.failed_at, '"failed" HH24:MI:SS'), to_char(s.deleted_at, '"deleted" HH24:MI:SS'),
          nullif(s.errors, '[]')::text,
          'billable ' || s.billable, s.pricing_model, s.pricing_category, s.pricing_type,
          'conversation ' || nullif(
            concat_ws(' ', s.conversation_id, s.conversation_origin, s.conversation_expires_at), ''),
          'with ' || s.callback_data)
        from crm.{p}_whatsapp_statuses s
        union all
        select 3, p.participant, 'member: ' || concat_ws(' | ', p.phone, p.user_id,
          to_char(p.delivered_at, '"delivered" HH24:MI:SS'), to_char(p.read_at, '"read" HH24:MI:SS'))
        from crm.{p}_whatsapp_participants p
        union all
        select 4, k.address, 'consent: ' || concat_ws(' | ', c.name || ' <' || c.phone || '>', k.category, k.value,
          to_char(k.told_at, 'YYYY-MM-DD HH24:MI:SS'), k.detail)
        from crm.{p}_whatsapp_consents k
        join crm.{p}_customers c on c.id = k.customer_id
      ) as found
      order by part, length(place), place
      """;

  private final List<NewsContent> news = new ArrayList<>();
  private final Crm listening =
      Crm.builder(pool)
          .schema(Installed.SCHEMA)
          .withoutWebhookSignatures()
          .webhookNews(news::add)
          .build();

  @Test
  void everySampleLeavesWhatTheTableSays() throws Exception {
    Business business = businessWithTheSamplesNumber();
    List<String> lines = new ArrayList<>();
    for (Sample sample : Samples.own()) {
      describe(sample, business.agent().prefix(), lines);
    }
    assertThat(lines).containsExactlyElementsOf(expected());
  }

  private static List<String> expected() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(WebhookCasesTest.class.getResourceAsStream("cases.txt"))) {
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    }
  }

  private static Business businessWithTheSamplesNumber() {
    Business business = newBusiness();
    NUMBERS.forEach(WebhookTest::giveUp);
    crm.asService()
        .whatsapp()
        .update(
            business.agent().userId().orElseThrow(),
            WhatsAppConfigChanges.none().phoneNumberId(NUMBERS.get(0)));
    return business;
  }

  private void describe(Sample sample, String prefix, List<String> lines) throws SQLException {
    forgetAll(prefix);
    WebhookReport report = listening.webhooks().receive(sample.body(), null);
    lines.add("# " + sample.name());
    report.results().forEach(result -> lines.add("report: " + line(result)));
    lines.addAll(superuser(ROWS.replace("{p}", prefix)));
    news.forEach(each -> lines.add("news: " + each.news().kind() + " " + each.details()));
    receiver
        .webhooks()
        .unrouted(PAGE)
        .items()
        .forEach(kept -> lines.add("unrouted: " + kept.reason()));
  }

  private void forgetAll(String prefix) throws SQLException {
    forgetUnrouted();
    receiver.webhooks().news().purge(Duration.ZERO);
    news.clear();
    asSuperuser(
        """
        do $$ begin
          execute (
            select 'truncate ' || string_agg(format('crm.%I', t.tablename), ', ')
            from pg_tables t
            where t.schemaname = 'crm' and starts_with(t.tablename, '{p}_'));
        end $$
        """
            .replace("{p}", prefix));
  }

  private static String line(Result result) {
    return Stream.of(
            Optional.of(result.outcome().name()),
            result.kind(),
            result.direction().map(Object::toString),
            result.prefix().map(prefix -> "of the agent"),
            result.customerId().map(id -> "of a customer"))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(" "));
  }
}
