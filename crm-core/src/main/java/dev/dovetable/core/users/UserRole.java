package dev.dovetable.core.users;

/** What a user is: the values of the enum type {@code role} in the specification. */
public enum UserRole {
  /** A system administrator, with access to every agent's data. */
  ADMIN,
  /** An agent, who manages their own data. */
  AGENT;
}
