package dev.dovetable.testkit.server;

import java.util.List;

/**
 * What a test database looks like before anything is installed in it.
 *
 * <p>The two flavors of Supabase have the roles of a Supabase project, its schemas {@code auth} and
 * {@code extensions}, {@code auth.users} with the columns that the auth service has, and an owner
 * that is no superuser and may set {@code session_replication_role} by the statement alone. They
 * differ in who gets privileges on what is created in {@code public}. Their roles are the server's
 * and stay there, so they are refused on a server that the test kit didn't start.
 */
public enum Flavor {
  /** Empty, owned by {@link PostgresServer#administrator()}. */
  PLAIN(),

  /**
   * A Supabase project as they are made since 30 October 2026: new tables are granted to none of
   * the API's roles, but for TRUNCATE, REFERENCES, TRIGGER, and setval on sequences.
   */
  SUPABASE("project", "supautils", "default-privileges-exposed", "default-privileges-withheld"),

  /** An older Supabase project: whatever is created in public belongs to the API's roles too. */
  SUPABASE_EXPOSED("project", "supautils", "default-privileges-exposed");

  /** On Supabase it is called postgres, which is the superuser here. */
  static final String SUPABASE_OWNER = "supabase_postgres";

  private final List<String> scripts;

  Flavor(String... scripts) {
    this.scripts = List.of(scripts);
  }

  /** What makes a database look so, as files beside this class, in order. */
  List<String> scripts() {
    return scripts.stream().map(script -> "supabase/" + script + ".sql").toList();
  }

  /** The owner of the project's database, if it isn't the administrator. */
  boolean hasOwner() {
    return !scripts.isEmpty();
  }
}
