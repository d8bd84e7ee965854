package dev.dovetable.core.users;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.internal.sql.Texts;
import java.util.Optional;
import java.util.UUID;

/**
 * A user to be made. Immutable and thread-safe.
 *
 * @param id the id; empty to have the database choose one
 * @param name the full name, 1 to 255 characters
 * @param email the e-mail address, 1 to 255 characters, unique
 * @param role what the user is
 */
public record NewUser(Optional<UUID> id, String name, String email, UserRole role) {

  /**
   * Checks the bounds of the columns.
   *
   * @param id the id
   * @param name the full name
   * @param email the e-mail address
   * @param role what the user is
   * @throws InvalidDataException if name or e-mail is blank, too long, or can't be stored as text
   */
  public NewUser {
    requireNonNull(id, "id");
    Texts.requireFilled(name, "name", UserChanges.MAX_LENGTH);
    Texts.requireFilled(email, "email", UserChanges.MAX_LENGTH);
    requireNonNull(role, "role");
  }

  /**
   * A user whose id the database chooses.
   *
   * @param name the full name, 1 to 255 characters
   * @param email the e-mail address, 1 to 255 characters, unique
   * @param role what the user is
   */
  public NewUser(String name, String email, UserRole role) {
    this(Optional.empty(), name, email, role);
  }
}
