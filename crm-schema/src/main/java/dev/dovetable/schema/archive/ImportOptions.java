package dev.dovetable.schema.archive;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/**
 * Whose an imported agent becomes. Immutable and thread-safe.
 *
 * @param user the agent's user, who has none yet
 * @param createdBy who makes it: {@code created_by} of the new agent
 */
public record ImportOptions(UUID user, UUID createdBy) {
  /**
   * Checks that nothing is null.
   *
   * @param user the agent's user
   * @param createdBy who makes it
   */
  public ImportOptions {
    requireNonNull(user, "user");
    requireNonNull(createdBy, "createdBy");
  }

  /**
   * Made by its own user.
   *
   * @param user the agent's user
   * @return such options
   */
  public static ImportOptions user(UUID user) {
    return new ImportOptions(user, user);
  }

  /**
   * The same, made by somebody else.
   *
   * @param creator the user who makes it
   * @return such options
   */
  public ImportOptions createdBy(UUID creator) {
    return new ImportOptions(user, creator);
  }
}
