package dev.dovetable.core.users;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.internal.sql.Texts;
import java.util.Optional;

/**
 * What is to change about a user; what is empty stays. Made from {@link #none()} by the methods
 * that are named like the fields. Immutable and thread-safe.
 *
 * @param name the new name, 1 to 255 characters
 * @param email the new e-mail address, 1 to 255 characters, unique
 * @param role the new role
 */
public record UserChanges(Optional<String> name, Optional<String> email, Optional<UserRole> role) {
  static final int MAX_LENGTH = 255;

  /**
   * Checks the bounds of the columns.
   *
   * @param name the new name
   * @param email the new e-mail address
   * @param role the new role
   * @throws InvalidDataException if name or e-mail is blank, too long, or can't be stored as text
   */
  public UserChanges {
    requireNonNull(name, "name").ifPresent(t -> Texts.requireFilled(t, "name", MAX_LENGTH));
    requireNonNull(email, "email").ifPresent(t -> Texts.requireFilled(t, "email", MAX_LENGTH));
    requireNonNull(role, "role");
  }

  /**
   * No change.
   *
   * @return changes to start from
   */
  public static UserChanges none() {
    return new UserChanges(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * These changes and a new name.
   *
   * @param name 1 to 255 characters
   * @return the changes
   */
  public UserChanges name(String name) {
    return new UserChanges(Optional.of(name), email, role);
  }

  /**
   * These changes and a new e-mail address.
   *
   * @param email 1 to 255 characters, unique
   * @return the changes
   */
  public UserChanges email(String email) {
    return new UserChanges(name, Optional.of(email), role);
  }

  /**
   * These changes and a new role.
   *
   * @param role the role
   * @return the changes
   */
  public UserChanges role(UserRole role) {
    return new UserChanges(name, email, Optional.of(role));
  }

  boolean isEmpty() {
    return name.isEmpty() && email.isEmpty() && role.isEmpty();
  }
}
