package dev.dovetable.core.webhooks;

import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.internal.connection.Prelude;
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
    return store(agent, prelude(agent).behind(lookUp, requireRoute(agent, phoneNumberId)));
  }

  private QueryPart requireRoute(AgentIdentity agent, String phoneNumberId) {
    return REQUIRE_ROUTE.filled(
        agent,
        Map.of(
            "require_webhook_route",
            sessions.base().internal("require_webhook_route"),
            "number",
            DSL.inline(phoneNumberId),
            "prefix",
            DSL.inline(agent.prefix())));
  }

  private AgentIdentity agent(String prefix) {
    return new AgentIdentity(sessions.base(), prefix);
  }

  private Prelude prelude(AgentIdentity agent) {
    return sessions.prelude(Optional.empty(), false, agent);
  }

  private WebhookStore store(AgentIdentity agent, Prelude prelude) {
    return new WebhookStore(sessions.open(prelude), agent);
  }
}
