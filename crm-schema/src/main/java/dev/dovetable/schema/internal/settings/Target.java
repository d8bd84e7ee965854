package dev.dovetable.schema.internal.settings;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * Where to install, and for whom.
 *
 * @param schema the schema of the tables
 * @param loginRole the role that applications log in as; empty for the role that installs
 * @param lockTimeout how long to wait for another installer
 */
public record Target(String schema, Optional<String> loginRole, Duration lockTimeout) {
  public static final Duration DEFAULT_LOCK_TIMEOUT = Duration.ofMinutes(1);

  public Target {
    Names.requireSchema(schema);
    requireNonNull(loginRole, "loginRole");
    requireNonNull(lockTimeout, "lockTimeout");
  }

  /** A schema with all else at its default. */
  public static Target of(String schema) {
    return new Target(schema, Optional.empty(), DEFAULT_LOCK_TIMEOUT);
  }

  /** The schema for what the specification does not name. */
  public String privateSchema() {
    return Names.privateSchema(schema);
  }

  /** The parameter of those queries that take the current role where no login role was named. */
  public String loginRoleOrEmpty() {
    return loginRole.orElse("");
  }
}
