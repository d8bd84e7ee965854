package dev.dovetable.core.webhooks;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.internal.connection.Prelude;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.connection.Sessions;
import dev.dovetable.core.internal.payload.WebhookReader;
import dev.dovetable.core.internal.sql.BaseTables;
import dev.dovetable.core.internal.sql.Elements;
import dev.dovetable.core.news.NewsRepository;
import dev.dovetable.schema.migration.AgentExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What WhatsApp's Cloud API sends to the application's webhook. WhatsApp sends a body at least
 * once, bodies in any order, and several numbers' messages in one of them; here, each message is
 * stored once with its agent, whatever the order and however many servers receive at the same time.
 *
 * <pre>{@code
 * Crm crm = Crm.builder(dataSource).webhookSecrets(appSecret).build();
 * AgentMigrations.of(Webhooks.extension()).run(dataSource); // at every start
 *
 * WebhookReport report = crm.webhooks().receive(body, headers.get("X-Hub-Signature-256"));
 * respond(report.httpStatus());
 * }</pre>
 *
 * <h2>What is stored</h2>
 *
 * <p>Every message, of whatever kind, is a row of {@code {prefix}_messages}, with a text that
 * people can read and the provider's time; what is behind it is in {@link
 * dev.dovetable.core.deliveries.DeliveryRepository#details}. Statuses are in {@link
 * dev.dovetable.core.deliveries.DeliveryRepository#find}. A message that was stored, and deleted
 * since, doesn't come back.
 *
 * <h2>Customers</h2>
 *
 * <p>A sender is known by a phone number, by a user id, or by both. A user id is one customer's for
 * ever, a phone number for a time: one that comes with another user id has changed hands. Else the
 * message belongs to one of the application's customers with that number, in whatever spelling, or
 * a customer is made, whose {@code phone} is the user id until the number is known. Name and phone
 * of such a customer are the newest that messages tell, until the application changes them. A
 * message that shows two customers to be one, without any contradiction, merges them: all that
 * refers to them goes to the one that the application has made or renamed, or else to the older
 * one, and the other one is deleted, unless a table refers to it whose rows the agent's user can't
 * see or move. {@link dev.dovetable.core.customers.CustomerMerges} takes that back.
 *
 * <h2>Whose rights</h2>
 *
 * <p>The agent of a business number is looked up as the service; its tables are written as the
 * agent's own user, under row level security.
 *
 * <p>Immutable and thread-safe.
 */
public final class Webhooks {
  private final WebhookSettings settings;
  private final WebhookReader reader;
  private final WebhookHandshake handshake;
  private final UnroutedWebhooks unrouted;
  private final NewsRepository news;
  private final WebhookIntake intake;

  /**
   * Internal: {@link dev.dovetable.core.Crm#webhooks()} makes it.
   *
   * @param settings which webhooks are taken
   * @param sessions of the installation
   */
  public Webhooks(WebhookSettings settings, Sessions sessions) {
    BaseTables base = sessions.base();
    Prelude lookUp = sessions.prelude(Actor.service());
    Session session = sessions.open(lookUp);
    WebhookStores stores = new WebhookStores(sessions, lookUp);
    this.settings = settings;
    this.reader = new WebhookReader(settings.maxBytes());
    this.handshake = new WebhookHandshake(session, base);
    this.unrouted = new UnroutedWebhooks(session, base);
    this.news = new NewsRepository(session, base);
    this.intake =
        new WebhookIntake(
            new WebhookRoutes(session, base),
            settings.routes(),
            unrouted,
            new NewsIntake(news, settings.newsListener()),
            stores,
            sessions.observer());
  }

  /**
   * The tables that webhooks need in addition to each agent's four. Pass it to {@code
   * AgentMigrations.of(…)}, with the application's own extensions, at every start.
   *
   * @return the extension
   */
  public static AgentExtension extension() {
    return WebhookTables.extension();
  }

  /**
   * Answers the GET request by which WhatsApp verifies the webhook's address. One round trip, or
   * none if a parameter can't be right.
   *
   * @param mode the parameter {@code hub.mode}
   * @param token the parameter {@code hub.verify_token}, which has to be the verify token of an
   *     active configuration, or of one whose user's agent has an active number
   * @param challenge the parameter {@code hub.challenge}
   * @return the challenge, to be answered as plain text with status 200; empty for 403
   */
  public Optional<String> handshake(
      @Nullable String mode, @Nullable String token, @Nullable String challenge) {
    return handshake.answer(mode, token, challenge);
  }

  /**
   * Takes in a POST request. Each agent's part is stored in a transaction of its own, all of it or
   * nothing, or in one for each 100 messages. What leads to no agent, or can't be understood, is
   * kept as it came ({@link #unrouted}), with a line at WARN that says why. Messages in it that are
   * there already stay as they are, so it can be repeated at any time.
   *
   * <p>Round trips: one for each agent and 100 messages, one more for an agent if a sender is new
   * or something new is told of one, one if something is kept, one if there is news, and one ahead
   * of them to find the agents. A body for one number whose agent this CRM has found before does
   * without that one: storing checks that the number is still that agent's, and only if not, the
   * agent is looked up after all. So one as a rule, five at most for one agent. Within a
   * transaction of the host's, agents are always looked up. What is received for an agent at the
   * same time is stored one after the other.
   *
   * @param body the request's body, byte by byte as it came
   * @param signatureHeader the header {@code X-Hub-Signature-256}; null if there is none
   * @return what became of it. Answer with {@link WebhookReport#httpStatus()}: it is 500 if some
   *     agents' parts were stored and others failed
   * @throws WebhookSignatureException if it isn't signed with one of the {@link
   *     dev.dovetable.core.CrmBuilder#webhookSecrets secrets}; answer with 401
   * @throws InvalidDataException if it is longer than {@link
   *     dev.dovetable.core.CrmBuilder#webhookBodyLimit}; answer with 413
   * @throws RefusedException if no secret was set, or the agent lacks the tables of {@link
   *     #extension()}
   * @throws DatabaseException if nothing could be stored or kept; answer with 500, and WhatsApp
   *     sends it again
   */
  public WebhookReport receive(byte[] body, @Nullable String signatureHeader) {
    return intake.take(verified(body, signatureHeader)).report();
  }

  /**
   * What WhatsApp told besides messages and statuses.
   *
   * @return the news of all agents and of none
   */
  public NewsRepository news() {
    return news;
  }

  /**
   * What was kept, oldest first.
   *
   * @param page which part
   * @return the part
   */
  public Page<UnroutedWebhook> unrouted(PageRequest page) {
    return unrouted(UnroutedFilter.all(), page);
  }

  /**
   * Some of what was kept, oldest first.
   *
   * @param filter which
   * @param page which part
   * @return the part
   */
  public Page<UnroutedWebhook> unrouted(UnroutedFilter filter, PageRequest page) {
    return unrouted.list(filter, page);
  }

  /**
   * What was kept, as it came.
   *
   * @param id the id of an {@link UnroutedWebhook}
   * @return JSON as a rule; bytes that are no UTF-8 are replaced. It holds message texts and phone
   *     numbers, so it isn't for logs. Empty if it is there no longer
   */
  public Optional<String> unroutedBody(long id) {
    return unrouted.find(List.of(id)).stream()
        .findFirst()
        .map(found -> new String(found.body(), StandardCharsets.UTF_8));
  }

  /**
   * Takes in what was kept once more, because the cause is mended. What finds its place now is kept
   * no longer. Nothing is given to an agent whose number it wasn't when it came: if another one had
   * it then, or has had it since, it stays ({@link UnroutedWebhook.Reason#NUMBER_MOVED}). Two round
   * trips more than {@link #receive} that looks agents up.
   *
   * @param ids ids of {@link UnroutedWebhook}s; those that are there no longer are passed over
   * @return what became of them
   */
  public WebhookReport replay(Collection<Long> ids) {
    List<UnroutedWebhooks.Found> found = found(ids);
    TakenChanges taken = intake.take(changes(found));
    unrouted.delete(taken.settled(found));
    return taken.report();
  }

  /**
   * Removes what was kept for too long, for good.
   *
   * @param olderThan how long it is kept; zero removes everything
   * @return how many were removed
   * @throws InvalidDataException if it is negative; nothing was sent
   */
  public long purge(Duration olderThan) {
    return purge(UnroutedFilter.all(), olderThan);
  }

  /**
   * Removes some of what was kept for too long, for good.
   *
   * @param filter which
   * @param olderThan how long it is kept
   * @return how many were removed
   */
  public long purge(UnroutedFilter filter, Duration olderThan) {
    requireNonNull(filter, "filter");
    return unrouted.purge(filter, requireNonNull(olderThan, "olderThan"));
  }

  /** What was kept, and is still there. */
  List<UnroutedWebhooks.Found> found(Collection<Long> ids) {
    return unrouted.find(Elements.copy(ids, "ids"));
  }

  /** What is in it. */
  List<ReceivedChange> changes(List<UnroutedWebhooks.Found> found) {
    return found.stream()
        .flatMap(
            kept -> ReceivedChange.of(kept.body(), Optional.of(kept.origin()), reader).stream())
        .toList();
  }

  void remove(Collection<Long> ids) {
    unrouted.delete(ids);
  }

  /**
   * What a request tells.
   *
   * @throws WebhookSignatureException if it isn't signed
   */
  List<ReceivedChange> verified(byte[] body, @Nullable String signatureHeader) {
    settings.require(body, signatureHeader);
    return ReceivedChange.of(body, reader);
  }

  WebhookIntake intake() {
    return intake;
  }
}
