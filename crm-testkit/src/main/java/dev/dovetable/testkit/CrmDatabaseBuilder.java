package dev.dovetable.testkit;

import static java.util.Objects.requireNonNull;

import dev.dovetable.schema.internal.settings.Names;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.testkit.server.Flavor;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** Settings of a {@link CrmDatabase}. Not thread-safe; {@link #open()} can be called many times. */
public final class CrmDatabaseBuilder {
  private String schema = Names.DEFAULT_SCHEMA;
  private List<AgentExtension> extensions = List.of();
  private Flavor flavor = Flavor.PLAIN;
  private Clock clock = Clock.fixed(CrmDatabase.NOW, ZoneOffset.UTC);

  CrmDatabaseBuilder() {}

  /**
   * What the database looks like before the CRM is installed, such as a Supabase project's; default
   * {@link Flavor#PLAIN}.
   *
   * @param flavor the flavor
   * @return this builder
   */
  public CrmDatabaseBuilder flavor(Flavor flavor) {
    this.flavor = requireNonNull(flavor, "flavor");
    return this;
  }

  /**
   * What every agent has besides its four tables, as {@link
   * dev.dovetable.schema.migration.AgentMigrations} would give it; default nothing. There is a
   * template for each set of extensions.
   *
   * @param extensions the extensions, in the order in which they are applied
   * @return this builder
   */
  public CrmDatabaseBuilder extensions(AgentExtension... extensions) {
    this.extensions = List.of(extensions);
    return this;
  }

  /**
   * The schema that holds the tables; default {@code public}.
   *
   * @param schema a name, unquoted; at most 55 bytes
   * @return this builder
   * @throws IllegalArgumentException if there can be no such schema
   */
  public CrmDatabaseBuilder schema(String schema) {
    this.schema = Names.requireSchema(schema);
    return this;
  }

  /**
   * When the fixtures' data ends; default {@code 2026-02-01T12:00:00Z}.
   *
   * @param now a time to the second; fractions are dropped
   * @return this builder
   */
  public CrmDatabaseBuilder now(Instant now) {
    requireNonNull(now, "now");
    this.clock = Clock.fixed(Instant.ofEpochSecond(now.getEpochSecond()), ZoneOffset.UTC);
    return this;
  }

  /**
   * Makes the database: a clone of a template in which the CRM was installed once. The first one of
   * a JVM starts the server.
   *
   * @return a database that the caller closes
   * @throws dev.dovetable.testkit.server.PostgresServerException if there can be no server here, or
   *     it doesn't allow the flavor; the message says what helps
   */
  public CrmDatabase open() {
    return CrmDatabase.open(new Installed(schema, extensions), clock, flavor);
  }
}
