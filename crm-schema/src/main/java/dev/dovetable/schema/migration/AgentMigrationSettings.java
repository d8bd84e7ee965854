package dev.dovetable.schema.migration;

import dev.dovetable.schema.internal.settings.Bounds;
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
    AgentMigrationListener listener) {

  private static final int MAX_CONNECTIONS = 64;
  private static final int MAX_RATE = 100_000;
  private static final Duration MILLISECOND = Duration.ofMillis(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  AgentMigrationSettings {
    Bounds.require("connections", connections, MAX_CONNECTIONS);
    agentsPerSecond.ifPresent(rate -> Bounds.require("agentsPerSecond", rate, MAX_RATE));
    Bounds.require("lockTimeout", lockTimeout, MILLISECOND, HOUR);
    Bounds.require("statementTimeout", statementTimeout, MILLISECOND, DAY);
    Bounds.require("giveUpAfter", giveUpAfter, Duration.ZERO, DAY);
  }
}
