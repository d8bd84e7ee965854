package dev.dovetable.core;

import dev.dovetable.core.jooq.enums.Role;

/** What a user is: the values of the enum type {@code role} in the specification. */
public enum UserRole {
  /** A system administrator, with access to every agent's data. */
  ADMIN,
  /** An agent, who manages their own data. */
  AGENT;

  Role toJooq() {
    return this == ADMIN ? Role.admin : Role.agent;
  }

  static UserRole of(Role role) {
    return role == Role.admin ? ADMIN : AGENT;
  }
}
