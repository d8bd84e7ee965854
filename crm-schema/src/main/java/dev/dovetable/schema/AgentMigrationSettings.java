package dev.dovetable.schema;

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
    require("connections", connections, MAX_CONNECTIONS);
    agentsPerSecond.ifPresent(rate -> require("agentsPerSecond", rate, MAX_RATE));
    require("lockTimeout", lockTimeout, MILLISECOND, HOUR);
    require("statementTimeout", statementTimeout, MILLISECOND, DAY);
    require("giveUpAfter", giveUpAfter, Duration.ZERO, DAY);
  }

  private static void require(String setting, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(setting + " must be from 1 to " + max + ", not " + value);
    }
  }

  static void require(String setting, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          setting + " must be from " + min + " to " + max + ", not " + value);
    }
  }
}
