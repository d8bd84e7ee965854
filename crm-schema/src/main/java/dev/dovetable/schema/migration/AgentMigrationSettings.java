package dev.dovetable.schema.migration;

import dev.dovetable.schema.internal.settings.Target;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/**
 * Settings of a run; see {@link AgentMigrations.Builder}. Immutable and thread-safe.
 *
 * @param onlyExtension the only one whose versions are looked at; empty for all that are registered
 */
record AgentMigrationSettings(
    Target target,
    String onlyExtension,
    int connections,
    Duration lockTimeout,
    Duration statementTimeout,
    Duration giveUpAfter,
    OptionalInt agentsPerSecond,
    boolean stopAtFirstFailure,
    BooleanSupplier stop,
    AgentMigrationListener listener) {}
