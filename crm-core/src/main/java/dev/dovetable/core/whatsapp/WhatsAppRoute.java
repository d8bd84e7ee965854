package dev.dovetable.core.whatsapp;

import dev.dovetable.core.agents.Agent;
import java.util.Optional;

/**
 * Whose a business number is. Immutable and thread-safe.
 *
 * @param config the configuration that has the phone number id
 * @param agent the agent of the configuration's user; empty if that user has none
 */
public record WhatsAppRoute(WhatsAppConfig config, Optional<Agent> agent) {}
