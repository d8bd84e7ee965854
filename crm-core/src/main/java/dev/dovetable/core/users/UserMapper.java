package dev.dovetable.core.users;

import dev.dovetable.core.internal.sql.Times;
import dev.dovetable.core.jooq.enums.Role;
import dev.dovetable.core.jooq.tables.Users;
import org.jooq.Record;

/** Rows of {@code users}. Takes the table as it is named or aliased in the query. */
final class UserMapper {

  private UserMapper() {}

  /** As the column has it. */
  static Role column(UserRole role) {
    return role == UserRole.ADMIN ? Role.admin : Role.agent;
  }

  static User user(Record row, Users t) {
    return new User(
        row.get(t.ID),
        row.get(t.NAME),
        row.get(t.EMAIL),
        row.get(t.ROLE) == Role.admin ? UserRole.ADMIN : UserRole.AGENT,
        Times.orEpoch(row.get(t.CREATED_AT)));
  }
}
