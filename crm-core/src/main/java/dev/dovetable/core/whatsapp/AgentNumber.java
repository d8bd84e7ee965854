package dev.dovetable.core.whatsapp;

import java.time.Instant;
import java.util.Optional;

/**
 * A business number of an agent. Immutable and thread-safe.
 *
 * @param phoneNumberId what bodies name their receiver by
 * @param details how people call it
 * @param active false while it is paused: what comes for it is kept then, and nothing is sent
 *     through it
 * @param since since when it is the agent's; empty if nobody else had it before
 */
public record AgentNumber(
    String phoneNumberId, NumberDetails details, boolean active, Optional<Instant> since) {}
