package dev.dovetable.core.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.InvalidDataException.Kind;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.fixture.Thrown;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

class UserRepositoryTest extends DatabaseTest {

  @Test
  void whatIsCreatedIsFoundChangedAndDeleted() {
    UUID id = UUID.randomUUID();
    User user =
        crm.asService()
            .users()
            .create(new NewUser(Optional.of(id), "Ada", "ada@example.com", UserRole.AGENT));
    assertThat(user.id()).isEqualTo(id);
    assertThat(crm.asService().users().find(id)).contains(user);
    assertThat(crm.asService().users().findByEmail("ada@example.com")).contains(user);
    assertThat(crm.asService().users().update(id, UserChanges.none())).isEqualTo(user);

    User changed =
        crm.asService()
            .users()
            .update(id, UserChanges.none().name("A").email("a@example.com").role(UserRole.ADMIN));
    assertThat(changed)
        .isEqualTo(new User(id, "A", "a@example.com", UserRole.ADMIN, user.createdAt()));
    assertThat(crm.asService().users().delete(id)).isTrue();
    assertThat(crm.asService().users().delete(id)).isFalse();
    assertThat(crm.asService().users().find(id)).isEmpty();
    assertThatThrownBy(() -> crm.asService().users().update(id, UserChanges.none().name("B")))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> crm.asService().users().update(id, UserChanges.none()))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void emailsAndIdsAreUnique() {
    User one = newUser(UserRole.AGENT);
    User two = newUser(UserRole.AGENT);
    Thrown.refused(
        RefusedException.Reason.EMAIL_TAKEN,
        () -> crm.asService().users().create(new NewUser("x", one.email(), UserRole.AGENT)));
    Thrown.refused(
        RefusedException.Reason.EMAIL_TAKEN,
        () -> crm.asService().users().update(two.id(), UserChanges.none().email(one.email())));
    Thrown.invalid(
        Kind.NOT_UNIQUE,
        () ->
            crm.asService()
                .users()
                .create(
                    new NewUser(Optional.of(one.id()), "x", "new@example.com", UserRole.AGENT)));
  }

  @Test
  void userWhoCreatedAgentsStaysAndTheAgentsAreNamed() {
    User creator = newUser(UserRole.ADMIN);
    crm.asService().agents().create(newUser(UserRole.AGENT).id(), "created_one", creator.id());
    crm.asService().agents().create(newUser(UserRole.AGENT).id(), "created_two", creator.id());

    assertThatThrownBy(() -> crm.asService().users().delete(creator.id()))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(RefusedException.Reason.USER_CREATED_AGENTS);
              assertThat(e.problem()).contains("created_one, created_two");
            });
    assertThat(crm.asService().users().find(creator.id())).isPresent();
  }

  /** There, nothing can be asked after a failure. */
  @Test
  void inTheHostsTransactionItIsTheSameExceptions() throws SQLException {
    User creator = newUser(UserRole.ADMIN);
    crm.asService().agents().create(newUser(UserRole.AGENT).id(), "created_three", creator.id());
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      UserRepository users =
          Crm.builder(DSL.using(connection, SQLDialect.POSTGRES))
              .schema(Installed.SCHEMA)
              .build()
              .asService()
              .users();

      Thrown.refused(RefusedException.Reason.USER_CREATED_AGENTS, () -> users.delete(creator.id()));
      connection.rollback();
      Thrown.refused(
          RefusedException.Reason.EMAIL_TAKEN,
          () -> users.create(new NewUser("x", creator.email(), UserRole.AGENT)));
      connection.rollback();
      Thrown.refused(
          RefusedException.Reason.EMAIL_TAKEN,
          () -> users.update(admin.id(), UserChanges.none().email(creator.email())));
      connection.rollback();
    }
  }

  @Test
  void agentOfADeletedUserOpensAsServiceOnly() {
    Agent agent = newAgent();
    crm.asService().users().delete(agent.userId().orElseThrow());

    TenantScope own = crm.asAgent(agent.prefix());
    Thrown.refused(
        RefusedException.Reason.AGENT_WITHOUT_USER,
        () -> own.customers().list(PageRequest.first(1)));
    assertThat(
            crm.asService().tenant(agent.prefix()).customers().list(PageRequest.first(1)).items())
        .isEmpty();

    User heir = newUser(UserRole.AGENT);
    assertThat(crm.asService().agents().assign(agent.id(), heir.id()).userId()).contains(heir.id());
    assertThat(crm.asAgent(agent.prefix()).customers().list(PageRequest.first(1)).items())
        .isEmpty();
  }

  @Test
  void pagesHoldEachUserOnce() {
    for (int i = 0; i < 5; i++) {
      newUser(UserRole.AGENT);
    }
    List<User> read = new ArrayList<>();
    Optional<Cursor> cursor = Optional.empty();
    do {
      Page<User> page = crm.asService().users().list(new PageRequest(2, cursor));
      read.addAll(page.items());
      cursor = page.next();
    } while (cursor.isPresent());
    assertThat(read).doesNotHaveDuplicates().contains(admin);
    assertThat(read).isEqualTo(crm.asService().users().list(PageRequest.first(1000)).items());
  }

  @Test
  void signedInUsersReadButDoNotWrite() {
    User user = newUser(UserRole.AGENT);
    UserRepository users = crm.as(Actor.user(user.id())).users();
    assertThat(users.find(admin.id())).contains(admin);
    assertThatThrownBy(() -> users.update(user.id(), UserChanges.none().role(UserRole.ADMIN)))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> users.delete(admin.id())).isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void boundsAreChecked() {
    Thrown.invalid(Kind.TOO_LONG, () -> new NewUser("x".repeat(256), "e", UserRole.AGENT));
    Thrown.invalid(Kind.MISSING, () -> new NewUser("x", " ", UserRole.AGENT));
    Thrown.invalid(Kind.MISSING, () -> UserChanges.none().name(""));
    // Characters count, not UTF-16 units.
    User user =
        crm.asService()
            .users()
            .create(new NewUser("😀".repeat(255), "smile@example.com", UserRole.AGENT));
    assertThat(user.name()).isEqualTo("😀".repeat(255));
  }
}
