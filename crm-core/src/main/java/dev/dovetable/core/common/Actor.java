package dev.dovetable.core.common;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/**
 * On whose behalf a statement runs: PostgreSQL's role and the claims that row level security looks
 * at. Immutable and thread-safe.
 */
public sealed interface Actor {

  /**
   * The back office: role {@code service_role}, which row level security lets pass everywhere.
   *
   * @return the service
   */
  static Actor service() {
    return new Service();
  }

  /**
   * A signed-in user: role {@code authenticated} and the claim {@code sub}. What they may do
   * depends on their agent and on {@code users.role}.
   *
   * @param id the id in {@code users}; nothing checks that it exists, an unknown user owns nothing
   * @return that user
   */
  static Actor user(UUID id) {
    return new User(id);
  }

  /**
   * Somebody who isn't signed in: role {@code anon}, which may do nothing in this schema.
   *
   * @return the anonymous actor
   */
  static Actor anonymous() {
    return new Anonymous();
  }

  /** See {@link Actor#service()}. */
  record Service() implements Actor {}

  /**
   * See {@link Actor#user(UUID)}.
   *
   * @param id the id in {@code users}
   */
  record User(UUID id) implements Actor {
    /**
     * Checks that there is an id.
     *
     * @param id the id in {@code users}
     */
    public User {
      requireNonNull(id, "id");
    }
  }

  /** See {@link Actor#anonymous()}. */
  record Anonymous() implements Actor {}
}
