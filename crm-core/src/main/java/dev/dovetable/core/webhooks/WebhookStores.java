package dev.dovetable.core.webhooks;

import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.internal.connection.Prelude;
import dev.dovetable.core.internal.connection.Queries;
import dev.dovetable.core.internal.connection.Sessions;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.SqlTemplate;
import java.util.Map;
import java.util.Optional;
import org.jooq.QueryPart;
import org.jooq.impl.DSL;

/** Where webhooks of agents are stored: as each agent's own user. Immutable and thread-safe. */
final class WebhookStores {
  private static final SqlTemplate REQUIRE_ROUTE = SqlTemplate.ofFile("webhooks/require_route.sql");

  private static final SqlTemplate LOCK = SqlTemplate.ofFile("webhooks/lock.sql");

  /** In the place of a number that {@link RouteMemory} has, which needs no escaping. */
  private static final String NUMBER = "{number}";

  private final Sessions sessions;
  private final Prelude lookUp;

  /**
   * On these connections.
   *
   * @param lookUp of the service, which looks agents up
   */
  WebhookStores(Sessions sessions, Prelude lookUp) {
    this.sessions = sessions;
    this.lookUp = lookUp;
  }

  WebhookStore of(String prefix) {
    AgentIdentity agent = agent(prefix);
    return store(agent, prelude(agent));
  }

  /**
   * Whether a failed check of a route spoils nothing: a transaction of the host's could not go on
   * after it.
   */
  boolean canCheckRoutes() {
    return !sessions.source().isHosts();
  }

  /**
   * The same, but storing fails with {@link UnknownAgentException} unless callbacks for the number
   * are this agent's. That is checked as the service, in the same round trip.
   */
  WebhookStore ifRouted(String prefix, String phoneNumberId) {
    AgentIdentity agent = agent(prefix);
    Queries requireRoute =
        sessions
            .rendered("webhooks/require_route", this::requireRoute)
            .with(NUMBER, phoneNumberId)
            .with(Prelude.PREFIX, prefix);
    return store(agent, prelude(agent).behind(lookUp, requireRoute));
  }

  private QueryPart requireRoute() {
    return REQUIRE_ROUTE.filled(
        DSL::name,
        Map.of(
            "require_webhook_route",
            sessions.base().internal("require_webhook_route"),
            "number",
            DSL.inline(NUMBER),
            "prefix",
            DSL.inline(Prelude.PREFIX)));
  }

  private QueryPart lock() {
    return LOCK.filled(
        DSL::name,
        Map.of(
            "subject",
            DSL.inline("webhooks of " + Prelude.PREFIX),
            "schema",
            DSL.inline(sessions.base().schema())));
  }

  private AgentIdentity agent(String prefix) {
    return new AgentIdentity(sessions.base(), prefix);
  }

  private Prelude prelude(AgentIdentity agent) {
    return sessions.prelude(Optional.empty(), false, agent);
  }

  private WebhookStore store(AgentIdentity agent, Prelude prelude) {
    Queries lock =
        sessions.rendered("webhooks/lock", this::lock).with(Prelude.PREFIX, agent.prefix());
    return new WebhookStore(sessions.open(prelude.then(lock)), agent);
  }
}
