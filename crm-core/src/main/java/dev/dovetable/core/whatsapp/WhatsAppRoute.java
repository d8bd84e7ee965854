package dev.dovetable.core.whatsapp;

import dev.dovetable.core.agents.Agent;
import java.util.Optional;

/**
 * Whose a business number is. Immutable and thread-safe.
 *
 * @param number the number
 * @param config the configuration of the agent's user, with the secrets by which answers are sent;
 *     of a number without an agent, the one that names it. Empty if that user has none
 * @param agent whose it is; empty if the user whose configuration names it has no agent
 */
public record WhatsAppRoute(
    AgentNumber number, Optional<WhatsAppConfig> config, Optional<Agent> agent) {}
