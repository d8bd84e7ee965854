package dev.dovetable.schema.internal.settings;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
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
  public static final String DEFAULT_SCHEMA = "public";
  public static final Duration DEFAULT_LOCK_TIMEOUT = Duration.ofMinutes(1);

  /** PostgreSQL cuts longer names off, silently. */
  private static final int MAX_NAME_BYTES = 63;

  private static final String PRIVATE_SUFFIX = "_private";
  private static final Duration MAX_LOCK_TIMEOUT = Duration.ofHours(1);

  public Target {
    requireName(schema, "schema", MAX_NAME_BYTES - PRIVATE_SUFFIX.length());
    if (schema.startsWith("pg_") || schema.equals("information_schema") || schema.equals("auth")) {
      throw new IllegalArgumentException(
          "schema " + schema + " belongs to PostgreSQL or Supabase; choose another name");
    }
    loginRole.ifPresent(role -> requireName(role, "loginRole", MAX_NAME_BYTES));
    requireNonNull(lockTimeout, "lockTimeout");
    if (lockTimeout.toMillis() < 1 || lockTimeout.compareTo(MAX_LOCK_TIMEOUT) > 0) {
      throw new IllegalArgumentException(
          "lockTimeout must be from 1 millisecond to "
              + MAX_LOCK_TIMEOUT.toHours()
              + " hour, not "
              + lockTimeout);
    }
  }

  /** The schema for what the specification does not name; the SQL files derive the same name. */
  public String privateSchema() {
    return (schema.equals(DEFAULT_SCHEMA) ? "crm" : schema) + PRIVATE_SUFFIX;
  }

  /** The parameter of those queries that take the current role where no login role was named. */
  public String loginRoleOrEmpty() {
    return loginRole.orElse("");
  }

  private static void requireName(String name, String what, int maxBytes) {
    requireNonNull(name, what);
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (name.isBlank() || name.indexOf('\0') >= 0 || bytes > maxBytes) {
      throw new IllegalArgumentException(
          what + " must be a name of 1 to " + maxBytes + " bytes, not '" + name + "'");
    }
  }
}
