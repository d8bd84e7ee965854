package dev.dovetable.core.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.RefusedException.Reason;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.Concurrently;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserChanges;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.testkit.server.Background;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AgentRepositoryTest extends DatabaseTest {

  @Test
  void whatIsCreatedIsFound() {
    User user = newUser(UserRole.AGENT);
    Agent agent = crm.asService().agents().create(user.id(), "found", admin.id());
    assertThat(agent.userId()).contains(user.id());
    assertThat(agent.createdBy()).isEqualTo(admin.id());
    assertThat(crm.asService().agents().find(agent.id())).contains(agent);
    assertThat(crm.asService().agents().findByPrefix("found")).contains(agent);
    assertThat(crm.asService().agents().findByUser(user.id())).contains(agent);
    assertThat(crm.asService().agents().findByUser(admin.id())).isEmpty();
    assertThat(crm.asService().agents().list(PageRequest.first(1000)).items()).contains(agent);
  }

  @Test
  void refusalsAreToldApart() {
    Agent agent = newAgent("taken");
    UUID free = newUser(UserRole.AGENT).id();
    Thrown.refused(
        Reason.PREFIX_TAKEN, () -> crm.asService().agents().create(free, "taken", admin.id()));
    Thrown.refused(
        Reason.USER_HAS_AGENT,
        () -> crm.asService().agents().create(agent.userId().orElseThrow(), "second", admin.id()));
    Thrown.refused(
        Reason.UNKNOWN_USER,
        () -> crm.asService().agents().create(UUID.randomUUID(), "second", admin.id()));
    Thrown.refused(
        Reason.UNKNOWN_USER,
        () -> crm.asService().agents().create(free, "second", UUID.randomUUID()));
    assertThat(crm.asService().agents().findByPrefix("second")).isEmpty();
  }

  @Test
  void tablesOfTheHostAreNeitherTakenOverNorDropped() throws SQLException {
    superuser("create table crm.shop_orders (id int); insert into crm.shop_orders values (1)");
    UUID free = newUser(UserRole.AGENT).id();
    assertThatThrownBy(() -> crm.asService().agents().create(free, "shop", admin.id()))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.NAMES_TAKEN);
              assertThat(e.problem()).contains("shop_orders");
            });
    superuser("do $$ begin assert (select count(*) = 1 from crm.shop_orders); end $$");
    assertThat(crm.asService().agents().create(free, "sho", admin.id()).prefix()).isEqualTo("sho");
  }

  @Test
  void adminsCreateInTheirOwnNameOthersDoNot() {
    UUID free = newUser(UserRole.AGENT).id();
    User other = newUser(UserRole.ADMIN);
    AgentRepository asAdmin = crm.as(Actor.user(admin.id())).agents();
    AgentRepository asAgent = crm.as(Actor.user(free)).agents();
    AgentRepository asNobody = crm.as(Actor.anonymous()).agents();

    assertThatThrownBy(() -> asAgent.create(free, "denied", free))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> asAdmin.create(free, "denied", other.id()))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> asNobody.create(free, "denied", other.id()))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(asAdmin.create(free, "granted", admin.id()).createdBy()).isEqualTo(admin.id());
  }

  @Test
  void assignAndUpdateGoThroughTheFunction() {
    Agent agent = newAgent();
    Agent other = newAgent();
    User heir = newUser(UserRole.AGENT);
    AgentRepository agents = crm.asService().agents();

    assertThat(agents.assign(agent.id(), heir.id()).userId()).contains(heir.id());
    Thrown.refused(
        Reason.USER_HAS_AGENT, () -> agents.assign(agent.id(), other.userId().orElseThrow()));
    Thrown.refused(Reason.UNKNOWN_USER, () -> agents.assign(agent.id(), UUID.randomUUID()));
    assertThatThrownBy(() -> agents.assign(-1, heir.id())).isInstanceOf(NotFoundException.class);

    agents.updateUser(agent.id(), UserChanges.none().name("Heir").email("heir@example.com"));
    assertThat(crm.asService().users().find(heir.id()).orElseThrow())
        .isEqualTo(
            new User(heir.id(), "Heir", "heir@example.com", UserRole.AGENT, heir.createdAt()));
    Thrown.refused(
        Reason.EMAIL_TAKEN,
        () -> agents.updateUser(agent.id(), UserChanges.none().email(admin.email())));
    assertThatThrownBy(() -> agents.updateUser(-1, UserChanges.none().name("x")))
        .isInstanceOf(NotFoundException.class);

    AgentRepository asHeir = crm.as(Actor.user(heir.id())).agents();
    asHeir.updateUser(agent.id(), UserChanges.none().name("Myself"));
    assertThat(crm.asService().users().find(heir.id()).orElseThrow().name()).isEqualTo("Myself");
    assertThatThrownBy(() -> asHeir.updateUser(agent.id(), UserChanges.none().role(UserRole.ADMIN)))
        .isInstanceOf(InvalidDataException.class);
    assertThatThrownBy(() -> asHeir.updateUser(other.id(), UserChanges.none().name("x")))
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void deletedAgentIsGoneAndItsPrefixFree() {
    Agent agent = newAgent("phoenix");
    TenantScope scope = crm.asAgent("phoenix");
    scope.customers().create(new NewCustomer("Ada", "1"));
    crm.asService()
        .whatsapp()
        .save(NewWhatsAppConfig.of(agent.userId().orElseThrow(), "49", "https://example.com"));

    assertThat(crm.asService().agents().delete(agent.id())).isTrue();
    assertThat(crm.asService().agents().delete(agent.id())).isFalse();
    assertThat(crm.asService().agents().find(agent.id())).isEmpty();
    assertThat(crm.asService().whatsapp().find(agent.userId().orElseThrow())).isEmpty();
    assertThatThrownBy(() -> scope.customers().list(PageRequest.first(1)))
        .isInstanceOfSatisfying(
            UnknownAgentException.class,
            e -> {
              assertThat(e.prefix()).isEqualTo("phoenix");
              assertThat(e).hasMessageContaining("has been deleted");
            });
    assertThatThrownBy(() -> crm.asAgent("phoenix").agentId())
        .isInstanceOf(UnknownAgentException.class)
        .hasMessageContaining("There is no agent phoenix");

    newAgent("phoenix");
    assertThat(crm.asAgent("phoenix").customers().list(PageRequest.first(1)).items()).isEmpty();
  }

  @Test
  void strangersDoNotDelete() {
    Agent agent = newAgent();
    User stranger = newUser(UserRole.AGENT);
    assertThatThrownBy(() -> crm.as(Actor.user(stranger.id())).agents().delete(agent.id()))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(crm.as(Actor.user(agent.userId().orElseThrow())).agents().delete(agent.id()))
        .isTrue();
  }

  @Test
  void eightThreadsMakeAndDeleteWithoutAFailure() throws Exception {
    List<UUID> users = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      users.add(newUser(UserRole.AGENT).id());
    }
    List<List<Agent>> made =
        Concurrently.run(
            8,
            thread -> {
              List<Agent> mine = new ArrayList<>();
              for (int i = 0; i < 10; i++) {
                mine.add(
                    crm.asService()
                        .agents()
                        .create(users.get(thread * 10 + i), "c_" + thread + "_" + i, admin.id()));
              }
              return mine;
            });
    Set<Long> ids = new HashSet<>();
    made.forEach(mine -> mine.forEach(agent -> ids.add(agent.id())));
    assertThat(ids).hasSize(80);

    // Half of the threads delete what they made, the others make more and use it.
    Concurrently.run(
        8,
        thread -> {
          for (int i = 0; i < 10; i++) {
            if (thread % 2 == 0) {
              assertThat(crm.asService().agents().delete(made.get(thread).get(i).id())).isTrue();
            } else {
              TenantScope tenant = crm.asAgent(made.get(thread).get(i).prefix());
              tenant.messages().recordInboundFrom("1", "Ada", "x", Instant.now());
            }
          }
          return null;
        });

    List<String> left =
        crm.asService().agents().list(PageRequest.first(1000)).items().stream()
            .map(Agent::prefix)
            .filter(prefix -> prefix.startsWith("c_"))
            .toList();
    assertThat(left).hasSize(40).allMatch(prefix -> (prefix.charAt(2) - '0') % 2 == 1);
  }

  /** It looks for the other's end for a second, and queues for nothing: then it begins again. */
  @Test
  void deletionThatHasWaitedInVainIsTriedAgain() throws Exception {
    Agent agent = newAgent();
    CompletableFuture<Boolean> deletion =
        crm.asAgent(agent.prefix())
            .transaction(
                tx -> {
                  tx.customers().create(new NewCustomer("Ada", "1"));
                  CompletableFuture<Boolean> begun =
                      Background.call(() -> crm.asService().agents().delete(agent.id()));
                  awaitTwoAttempts();
                  return begun;
                });

    assertThat(deletion.get(2, TimeUnit.MINUTES)).isTrue();
    assertThat(crm.asService().agents().find(agent.id())).isEmpty();
  }

  private static void awaitTwoAttempts() throws SQLException, InterruptedException {
    Set<String> attempts = new HashSet<>();
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      while (attempts.size() < 2) {
        assertThat(System.nanoTime()).as("attempts %s", attempts).isLessThan(deadline);
        try (ResultSet rows =
            statement.executeQuery(
                "select xact_start::text from pg_stat_activity where datname = current_database()"
                    + " and pid <> pg_backend_pid() and state = 'active'"
                    + " and query like '%delete_agent%'")) {
          while (rows.next()) {
            attempts.add(rows.getString(1));
          }
        }
        Thread.sleep(20);
      }
    }
  }

  @Test
  void pagesAreInTheOrderOfCreation() {
    for (int i = 0; i < 3; i++) {
      newAgent();
    }
    List<Agent> read = new ArrayList<>();
    Optional<Cursor> cursor = Optional.empty();
    do {
      Page<Agent> page = crm.asService().agents().list(new PageRequest(2, cursor));
      read.addAll(page.items());
      cursor = page.next();
    } while (cursor.isPresent());
    assertThat(read).extracting(Agent::id).isSorted().doesNotHaveDuplicates();
  }

  private static void superuser(String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
