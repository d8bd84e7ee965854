package dev.dovetable.schema.internal.settings;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Which names there may be, and what follows from that of the schema. */
public final class Names {
  public static final String DEFAULT_SCHEMA = "public";

  /** PostgreSQL cuts longer names off, silently. */
  private static final int MAX_BYTES = 63;

  private static final String PRIVATE_SUFFIX = "_private";
  private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9_]{0,19}");

  private Names() {}

  /** A name for the schema of the tables, which leaves room for that of the private one. */
  public static String requireSchema(String schema) {
    require("schema", schema, MAX_BYTES - PRIVATE_SUFFIX.length());
    if (schema.startsWith("pg_") || schema.equals("information_schema") || schema.equals("auth")) {
      throw new IllegalArgumentException(
          "schema " + schema + " belongs to PostgreSQL or Supabase; choose another name");
    }
    return schema;
  }

  /** A name of a role. */
  public static String requireRole(String setting, String role) {
    return require(setting, role, MAX_BYTES);
  }

  /** The schema for what the specification does not name; the SQL files derive the same name. */
  public static String privateSchema(String schema) {
    return (schema.equals(DEFAULT_SCHEMA) ? "crm" : schema) + PRIVATE_SUFFIX;
  }

  /** Whether an agent may have that prefix; the SQL files have the same rule. */
  public static boolean isPrefix(String prefix) {
    return PREFIX.matcher(prefix).matches();
  }

  private static String require(String setting, String name, int maxBytes) {
    int bytes = requireNonNull(name, setting).getBytes(StandardCharsets.UTF_8).length;
    if (name.isBlank() || name.indexOf('\0') >= 0 || bytes > maxBytes) {
      throw new IllegalArgumentException(
          setting + " must be a name of 1 to " + maxBytes + " bytes, not '" + name + "'");
    }
    return name;
  }
}
