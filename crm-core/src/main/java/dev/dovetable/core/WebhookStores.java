package dev.dovetable.core;

import java.util.Map;
import java.util.Optional;
import org.jooq.QueryPart;
import org.jooq.impl.DSL;

/** Where webhooks of agents are stored, and by whom. Immutable and thread-safe. */
final class WebhookStores {
  private static final SqlTemplate REQUIRE_ROUTE = SqlTemplate.ofFile("webhooks/require_route.sql");

  private final ConnectionSource source;
  private final CrmSettings settings;
  private final Optional<Actor> actor;
  private final Prelude lookUp;

  /**
   * On these connections.
   *
   * @param actor empty for each agent's own user
   * @param lookUp of whoever looks agents up
   */
  WebhookStores(
      ConnectionSource source, CrmSettings settings, Optional<Actor> actor, Prelude lookUp) {
    this.source = source;
    this.settings = settings;
    this.actor = actor;
    this.lookUp = lookUp;
  }

  WebhookStore of(String prefix) {
    AgentIdentity agent = agent(prefix);
    return store(agent, prelude(agent));
  }

  /**
   * Whether whoever looks agents up may check routes, and a failed check spoils nothing: a
   * transaction of the host's could not go on after it.
   */
  boolean canCheckRoutes() {
    return !source.isHosts() && lookUp.actsAsService();
  }

  /**
   * The same, but storing fails with {@link UnknownAgentException} unless deliveries for the number
   * are this agent's. That is checked by whoever looks agents up, in the same round trip.
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
            settings.base().internal("require_webhook_route"),
            "number",
            DSL.inline(phoneNumberId),
            "prefix",
            DSL.inline(agent.prefix())));
  }

  private AgentIdentity agent(String prefix) {
    return new AgentIdentity(settings.base(), prefix);
  }

  private Prelude prelude(AgentIdentity agent) {
    return Prelude.of(actor, settings.timeouts(), false, agent);
  }

  private WebhookStore store(AgentIdentity agent, Prelude prelude) {
    return new WebhookStore(Session.of(source, prelude, agent.schema()), agent);
  }
}
