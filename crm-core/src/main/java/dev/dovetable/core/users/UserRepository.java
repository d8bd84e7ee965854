package dev.dovetable.core.users;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.InvalidDataException.Kind;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.internal.connection.KeysetById;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.BaseTables;
import dev.dovetable.core.internal.sql.Keyset;
import dev.dovetable.core.internal.sql.Texts;
import dev.dovetable.core.jooq.tables.Users;
import dev.dovetable.schema.internal.jdbc.SqlStates;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jooq.Condition;
import org.jooq.Field;

/**
 * The users: {@code users} in the specification. Signed-in users may read all of them; only the
 * service writes. Round trips are those of one statement ({@link dev.dovetable.core.Crm}) unless a
 * method says otherwise.
 *
 * <p>Immutable and thread-safe.
 */
public final class UserRepository {
  private static final String LIST = "users";
  private static final int PREFIXES_SHOWN = 20;

  private final Session session;
  private final BaseTables base;
  private final Users table;

  /**
   * Internal: {@link dev.dovetable.core.ActorScope#users()} makes it.
   *
   * @param session runs the statements
   * @param base the tables that all agents share
   */
  public UserRepository(Session session, BaseTables base) {
    this.session = session;
    this.base = base;
    this.table = base.users();
  }

  /**
   * Makes a user.
   *
   * @param user the user to make
   * @return the user with id and time
   * @throws RefusedException if another user has the e-mail address. One round trip more
   * @throws InvalidDataException if another user has the id
   */
  public User create(NewUser user) {
    requireNonNull(user, "user");
    Map<Field<?>, Object> values = new LinkedHashMap<>();
    user.id().ifPresent(id -> values.put(table.ID, id));
    values.put(table.NAME, user.name());
    values.put(table.EMAIL, user.email());
    values.put(table.ROLE, UserMapper.column(user.role()));
    try {
      return session
          .dsl()
          .insertInto(table)
          .set(values)
          .returning()
          .fetchSingle(row -> UserMapper.user(row, table));
    } catch (InvalidDataException e) {
      throw emailTaken(e, user.email(), user.id().isPresent());
    }
  }

  /**
   * A user.
   *
   * @param id the user's id
   * @return the user; empty if there is none
   */
  public Optional<User> find(UUID id) {
    return findWhere(table.ID.eq(requireNonNull(id, "id")));
  }

  /**
   * The user with an e-mail address.
   *
   * @param email the address; case matters
   * @return the user; empty if there is none
   */
  public Optional<User> findByEmail(String email) {
    return findWhere(table.EMAIL.eq(Texts.require(email, "email")));
  }

  /**
   * All users, ordered by id.
   *
   * @param page which part
   * @return the part
   * @throws InvalidDataException if the cursor is not one of this list
   */
  public Page<User> list(PageRequest page) {
    return new KeysetById<>(
            LIST, table.ID, Keyset::toUuid, row -> UserMapper.user(row, table), User::id)
        .page(session, page);
  }

  /**
   * Changes a user.
   *
   * @param id the user's id
   * @param changes what is to change; nothing reads the user only
   * @return the user as they are now
   * @throws NotFoundException if there is no such user
   * @throws RefusedException if another user has the e-mail address. One round trip more
   */
  public User update(UUID id, UserChanges changes) {
    requireNonNull(id, "id");
    Map<Field<?>, Object> values = new LinkedHashMap<>();
    requireNonNull(changes, "changes").name().ifPresent(name -> values.put(table.NAME, name));
    changes.email().ifPresent(email -> values.put(table.EMAIL, email));
    changes.role().ifPresent(role -> values.put(table.ROLE, UserMapper.column(role)));
    if (values.isEmpty()) {
      return find(id).orElseThrow(() -> new NotFoundException("user " + id));
    }
    try {
      return session
          .dsl()
          .update(table)
          .set(values)
          .where(table.ID.eq(id))
          .returning()
          .fetchOptional(row -> UserMapper.user(row, table))
          .orElseThrow(() -> new NotFoundException("user " + id));
    } catch (InvalidDataException e) {
      throw emailTaken(e, changes.email().orElse(""), false);
    }
  }

  /**
   * Deletes a user, with their WhatsApp configuration; their agent stays, without a user.
   *
   * @param id the user's id
   * @return whether there was one
   * @throws RefusedException if the user created agents, which keep {@code created_by}; the message
   *     names up to 20 of them, unless a transaction of the host's is lost. One round trip more
   */
  public boolean delete(UUID id) {
    requireNonNull(id, "id");
    try {
      return session.dsl().deleteFrom(table).where(table.ID.eq(id)).execute() > 0;
    } catch (InvalidDataException e) {
      // ON DELETE SET NULL meets NOT NULL: both as the specification has them.
      Optional<List<String>> created =
          e.kind() == Kind.MISSING ? unlessAborted(() -> createdBy(id)) : Optional.of(List.of());
      if (created.isPresent() && created.get().isEmpty()) {
        throw e;
      }
      throw new RefusedException(
          RefusedException.Reason.USER_CREATED_AGENTS,
          "The user "
              + id
              + " created agents"
              + created.map(prefixes -> ": " + String.join(", ", prefixes)).orElse("")
              + ".",
          "Delete these agents first, or keep the user.",
          e);
    }
  }

  private Optional<User> findWhere(Condition condition) {
    return session
        .dsl()
        .selectFrom(table)
        .where(condition)
        .fetchOptional(row -> UserMapper.user(row, table));
  }

  private List<String> createdBy(UUID user) {
    return session
        .dsl()
        .select(base.agents().AGENT_PREFIX)
        .from(base.agents())
        .where(base.agents().CREATED_BY.eq(user))
        .orderBy(base.agents().ID)
        .limit(PREFIXES_SHOWN)
        .fetch(base.agents().AGENT_PREFIX);
  }

  /** The id and the e-mail are unique; only one of them is in the way. */
  private RuntimeException emailTaken(InvalidDataException e, String email, boolean idIsGiven) {
    if (e.kind() != Kind.NOT_UNIQUE
        || !unlessAborted(() -> findByEmail(email).isPresent()).orElse(!idIsGiven)) {
      return e;
    }
    return new RefusedException(
        RefusedException.Reason.EMAIL_TAKEN,
        "Another user has the e-mail address.",
        "Pass another address, or update that user: crm.asService().users().findByEmail(…).",
        e);
  }

  /** Asks after a failure; empty in a transaction of the host's, where it can't be asked. */
  private static <T> Optional<T> unlessAborted(Supplier<T> question) {
    try {
      return Optional.of(question.get());
    } catch (DatabaseException e) {
      if (SqlStates.IN_FAILED_TRANSACTION.equals(e.sqlState().orElse(""))) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
