package dev.dovetable.schema.install;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * What a database holds, compared with this library. Immutable and thread-safe.
 *
 * @param state the outcome of the comparison
 * @param schema the schema that was looked at
 * @param installedVersion the version that was found; empty where nothing of ours was found. For an
 *     installation without history (made by psql) the newest migration whose effect the catalogues
 *     show, 0 for none
 * @param libraryVersion the version this library installs: the number of its newest migration
 * @param details what was found, one sentence each; empty for a plain {@link State#CURRENT} or
 *     {@link State#EMPTY}
 */
public record SchemaStatus(
    State state,
    String schema,
    Optional<Integer> installedVersion,
    int libraryVersion,
    List<String> details) {

  /**
   * How the database compares with this library, and so what {@link CrmSchema#install} would do.
   */
  public enum State {
    /** Nothing of ours is there: install creates it. */
    EMPTY,
    /** As this library installs it: install does nothing, or adopts it if it was made by psql. */
    CURRENT,
    /** Older, or left incomplete by psql: install runs what is missing. */
    OUTDATED,
    /**
     * As this library installs it, but for the tables of some agents, because an upgrade is under
     * way, was killed, or failed with them: install goes on with it.
     */
    AGENTS_BEHIND,
    /** Installed by a newer release: install refuses. */
    NEWER,
    /**
     * Changed since it was installed, or restored without what it needs to work: install restores
     * missing objects, roles, grants and policies, and refuses where files were edited.
     */
    MODIFIED,
    /** Tables or types of the same names belong to somebody else: install refuses. */
    FOREIGN
  }

  /**
   * Checks that nothing is null and copies the list.
   *
   * @param state the outcome of the comparison
   * @param schema the schema that was looked at
   * @param installedVersion the version that was found
   * @param libraryVersion the version this library installs
   * @param details what was found
   */
  public SchemaStatus {
    requireNonNull(state, "state");
    requireNonNull(schema, "schema");
    requireNonNull(installedVersion, "installedVersion");
    details = List.copyOf(details);
  }

  /**
   * Whether an application can work with the database as it is.
   *
   * @return true for {@link State#CURRENT} only
   */
  public boolean isCurrent() {
    return state == State.CURRENT;
  }
}
