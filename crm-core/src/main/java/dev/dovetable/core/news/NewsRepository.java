package dev.dovetable.core.news;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.BaseTables;
import dev.dovetable.core.internal.sql.Json;
import dev.dovetable.core.internal.sql.Keyset;
import dev.dovetable.core.internal.sql.QueryTemplate;
import dev.dovetable.core.jooq.tables.Agents;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * What WhatsApp told besides messages and statuses, in {@code crm_private.webhook_news}, for the
 * service only. It stays until it is purged. Each method takes one round trip. Immutable and
 * thread-safe.
 */
public final class NewsRepository {
  private static final String LIST = "news";
  private static final Field<Long> ID = field("id", Long.class);
  private static final Field<Instant> RECEIVED_AT =
      DSL.field(DSL.name("n", "received_at"), SQLDataType.INSTANT);
  private static final Field<Instant> TOLD_AT =
      DSL.field(DSL.name("n", "told_at"), SQLDataType.INSTANT);
  private static final Field<String> KIND = field("kind", String.class);
  private static final Field<String> FIELD = field("field", String.class);
  private static final Field<String> PHONE_NUMBER_ID = field("phone_number_id", String.class);
  private static final Field<String> ACCOUNT = field("business_account_id", String.class);
  private static final Field<Long> AGENT_ID = field("agent_id", Long.class);
  private static final Field<JSONB> PAYLOAD = field("payload", JSONB.class);
  private static final QueryTemplate<JSONB> KEEP =
      QueryTemplate.ofFile("news/keep.sql", DSL.field(DSL.name("kept"), SQLDataType.JSONB));

  private final Session session;
  private final BaseTables base;
  private final Table<Record> news;
  private final Agents agents;

  /**
   * Internal: {@link dev.dovetable.core.webhooks.Webhooks#news()} makes it.
   *
   * @param session runs the statements, as the service
   * @param base whose news
   */
  public NewsRepository(Session session, BaseTables base) {
    this.session = session;
    this.base = base;
    this.news = DSL.table(base.internal("webhook_news")).as("n");
    this.agents = base.agents();
  }

  private static <T> Field<T> field(String name, Class<T> type) {
    return DSL.field(DSL.name("n", name), type);
  }

  /**
   * Internal: something to keep.
   *
   * @param field the name of the change
   * @param at WhatsApp's time
   * @param payload a JSON object that jsonb can hold
   * @hidden
   */
  public record ReceivedNews(
      String field,
      Optional<Instant> at,
      Optional<String> phoneNumberId,
      Optional<String> businessAccountId,
      String payload) {

    /** The same for what the provider repeats. */
    private String digest() {
      String whole =
          String.join(
              "\n",
              field,
              at.toString(),
              phoneNumberId.toString(),
              businessAccountId.toString(),
              payload);
      try {
        return HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256")
                    .digest(whole.getBytes(StandardCharsets.UTF_8)));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e); // every JDK has it
      }
    }
  }

  /**
   * Internal: what was kept.
   *
   * @param agents the prefixes of the agents that have the numbers, by these
   * @param fresh what is new
   * @hidden
   */
  public record Kept(Map<String, String> agents, List<NewsContent> fresh) {}

  /**
   * Internal: keeps what isn't there yet.
   *
   * @param received what to keep
   * @return whose it is, and what is new
   * @hidden
   */
  public Kept keep(List<ReceivedNews> received) {
    ArrayNode content = Json.array();
    received.forEach(one -> add(content.addObject().put("position", content.size() - 1), one));
    JSONB rows =
        KEEP.fetchSingle(
            session.dsl(),
            base,
            Map.of(
                "content",
                DSL.val(Json.toJooq(content)),
                "webhook_news",
                DSL.table(base.internal("webhook_news")),
                "agent_numbers",
                DSL.table(base.internal("agent_numbers")),
                "agents",
                DSL.table(base.table("agents"))));
    Map<String, String> prefixes = new HashMap<>();
    List<NewsContent> fresh = new ArrayList<>();
    for (JsonNode row : Json.read(rows).values()) {
      ReceivedNews one = received.get(row.path("position").intValue());
      Optional<String> agent = Json.text(row, "agent");
      agent.ifPresent(prefix -> one.phoneNumberId().ifPresent(n -> prefixes.put(n, prefix)));
      if (row.path("id").isNumber()) {
        fresh.add(
            content(
                new WebhookNews(
                    row.path("id").longValue(),
                    Json.time(row, "received_at"),
                    one.at(),
                    kindOf(one),
                    one.field(),
                    one.phoneNumberId(),
                    one.businessAccountId(),
                    agent),
                JSONB.valueOf(one.payload())));
      }
    }
    return new Kept(prefixes, fresh);
  }

  private static void add(ObjectNode row, ReceivedNews one) {
    row.put("kind", kindOf(one).column()).put("field", one.field());
    row.put("digest", one.digest());
    one.at().ifPresent(at -> row.put("told_at", at.toString()));
    one.phoneNumberId().ifPresent(number -> row.put("phone_number_id", number));
    one.businessAccountId().ifPresent(id -> row.put("business_account_id", id));
    row.putRawValue("payload", new RawValue(one.payload()));
  }

  private static NewsKind kindOf(ReceivedNews one) {
    return NewsDetails.kindOf(one.field(), JSONB.valueOf(one.payload()));
  }

  private static NewsContent content(WebhookNews news, JSONB payload) {
    return new NewsContent(news, NewsDetails.of(news.kind(), payload), payload.data());
  }

  /**
   * News without what it says, in the order in which it came.
   *
   * @param filter which
   * @param page which part
   * @return the part
   */
  public Page<WebhookNews> list(NewsFilter filter, PageRequest page) {
    long after =
        page.after().map(cursor -> Keyset.toLong(Keyset.keys(cursor, LIST, 1).get(0))).orElse(0L);
    List<WebhookNews> fetched =
        session
            .dsl()
            .select(ID, RECEIVED_AT, TOLD_AT, KIND, FIELD, PHONE_NUMBER_ID, ACCOUNT)
            .select(agents.AGENT_PREFIX)
            .from(news)
            .leftJoin(agents)
            .on(agents.ID.eq(AGENT_ID))
            .where(ID.gt(after).and(matching(filter)))
            .orderBy(ID)
            .limit(page.limit() + 1)
            .fetch(this::newsOf);
    return Keyset.page(fetched, page, last -> Keyset.cursor(LIST, last.id()));
  }

  private Condition matching(NewsFilter filter) {
    Condition all = DSL.noCondition();
    if (filter.kind().isPresent()) {
      all = all.and(KIND.eq(filter.kind().get().column()));
    }
    if (filter.phoneNumberId().isPresent()) {
      all = all.and(PHONE_NUMBER_ID.eq(filter.phoneNumberId().get()));
    }
    if (filter.agent().isPresent()) {
      all = all.and(agents.AGENT_PREFIX.eq(filter.agent().get()));
    }
    return all;
  }

  private WebhookNews newsOf(Record row) {
    return new WebhookNews(
        row.get(ID),
        row.get(RECEIVED_AT),
        Optional.ofNullable(row.get(TOLD_AT)),
        NewsKind.ofColumn(row.get(KIND)),
        row.get(FIELD),
        Optional.ofNullable(row.get(PHONE_NUMBER_ID)),
        Optional.ofNullable(row.get(ACCOUNT)),
        Optional.ofNullable(row.get(agents.AGENT_PREFIX)));
  }

  /**
   * One piece of news with all that it says.
   *
   * @param id the news' id
   * @return the news; empty if it is there no longer
   */
  public Optional<NewsContent> find(long id) {
    return session
        .dsl()
        .select(ID, RECEIVED_AT, TOLD_AT, KIND, FIELD, PHONE_NUMBER_ID, ACCOUNT)
        .select(agents.AGENT_PREFIX, PAYLOAD)
        .from(news)
        .leftJoin(agents)
        .on(agents.ID.eq(AGENT_ID))
        .where(ID.eq(id))
        .fetchOptional(row -> content(newsOf(row), row.get(PAYLOAD)));
  }

  /**
   * Removes news that was kept for too long, for good.
   *
   * @param olderThan how long it is kept; zero removes everything
   * @return how many were removed
   * @throws InvalidDataException if it is negative; nothing was sent
   */
  public long purge(Duration olderThan) {
    if (requireNonNull(olderThan, "olderThan").isNegative()) {
      throw new InvalidDataException(
          InvalidDataException.Kind.OUT_OF_BOUNDS,
          "purge got a negative duration, which would remove all news.",
          "Pass for how long it is kept: Duration.ofDays(90), for instance.");
    }
    return session
        .dsl()
        .deleteFrom(news)
        .where(
            DSL.condition(
                "{0} < now() - {1} * interval '1 second'",
                RECEIVED_AT, DSL.val(olderThan.toSeconds())))
        .execute();
  }
}
