package dev.dovetable.core.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.schema.errors.CrmException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class ListenTest extends FeedTest {
  private static String screens;
  private HikariDataSource own;
  private Crm listening;
  private TenantScope shop;
  private int customer;

  @BeforeAll
  static void createLogin() {
    screens = database.createLogin("screens", "authenticated", "service_role");
  }

  @BeforeEach
  void openOwn() {
    own = pool(screens, 4);
    listening = crm(own);
    shop = newTenant();
    customer = shop.customers().create(new NewCustomer("Ada", "47" + System.nanoTime())).id();
  }

  @AfterEach
  void closeOwn() {
    own.close();
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("dovetable-changes-"))
        .toList();
  }

  @Test
  void tellsEachListenerWhatItMaySee() {
    TenantScope other = newTenant();
    List<Change> all = new CopyOnWriteArrayList<>();
    List<Change> ours = new CopyOnWriteArrayList<>();
    List<Change> theirs = new CopyOnWriteArrayList<>();
    try (ChangeSubscription a = listening.asService().changes().listen(all::addAll);
        ChangeSubscription b = listening.asAgent(shop.prefix()).changes().listen(ours::addAll);
        ChangeSubscription c = listening.asAgent(other.prefix()).changes().listen(theirs::addAll)) {
      long message = shop.messages().recordInbound(customer, "x").id();

      await("it is told", () -> !all.isEmpty() && !ours.isEmpty());
      assertThat(ours).singleElement().satisfies(one -> assertThat(one.ids()).contains(message));
      assertThat(all).containsExactlyElementsOf(ours);
      assertThat(theirs).isEmpty();
      assertThat(List.of(a, b, c)).allMatch(ChangeSubscription::isOpen);
      assertThat(threads()).hasSize(1);
    }
    await("the thread has ended", () -> threads().isEmpty());
    await("the connection is back", () -> own.getHikariPoolMXBean().getActiveConnections() == 0);
    List<Change> again = new CopyOnWriteArrayList<>();
    try (ChangeSubscription d = listening.asAgent(shop.prefix()).changes().listen(again::addAll)) {
      shop.messages().recordInbound(customer, "y");
      await("it begins again", () -> again.size() == 1);
      assertThat(d.isOpen()).isTrue();
    }
  }

  @Test
  void goesOnWhenConnectionsBreak() {
    List<Long> told = new CopyOnWriteArrayList<>();
    List<Long> written = new ArrayList<>();
    try (ChangeSubscription screen =
        listening
            .asAgent(shop.prefix())
            .changes()
            .listen(changes -> changes.forEach(change -> told.addAll(change.ids())))) {
      for (int i = 0; i < 3; i++) {
        await(
            "it has its own connection",
            () ->
                superuser("select pid from pg_stat_activity where query like 'listen dovetable%'")
                        .size()
                    == 1);
        asSuperuser(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = '%s'"
                .formatted(screens));
        written.add((long) shop.messages().recordInbound(customer, "x").id());
      }
      await("all of it is told", () -> told.size() >= written.size());
      assertThat(told).containsExactlyElementsOf(written);
      assertThat(screen.isOpen()).isTrue();
    }
  }

  @Test
  void endsWithTheAgent() {
    Agent agent = newAgent();
    AtomicReference<CrmException> why = new AtomicReference<>();
    ChangeSubscription screen =
        listening
            .asAgent(agent.prefix())
            .changes()
            .listen(
                new ChangeListener() {
                  @Override
                  public void onChanges(List<Change> changes) {
                    throw new IllegalStateException("a listener's own fault is not the others'");
                  }

                  @Override
                  public void onEnd(CrmException reason) {
                    why.set(reason);
                  }
                });
    crm.asAgent(agent.prefix()).customers().create(new NewCustomer("Ada", "471"));
    crm.asService().agents().delete(agent.id());

    await("it is told", () -> why.get() != null);
    assertThat(why.get()).isInstanceOf(UnknownAgentException.class);
    assertThat(screen.isOpen()).isFalse();
    await("the thread has ended", () -> threads().isEmpty());
  }

  @Test
  void saysWhenSomethingIsLost() {
    AtomicInteger lost = new AtomicInteger();
    List<Change> told = new CopyOnWriteArrayList<>();
    try (ChangeSubscription screen =
        listening
            .asAgent(shop.prefix())
            .changes()
            .listen(
                new ChangeListener() {
                  @Override
                  public void onChanges(List<Change> changes) {
                    told.addAll(changes);
                  }

                  @Override
                  public void onLost() {
                    lost.incrementAndGet();
                  }
                })) {
      // As if it had slept for days: all that is visible by now is gone.
      asSuperuser(
          "begin; lock table crm_private.changes in access exclusive mode; select pg_current_xact_id();"
              + " update crm_private.change_ring set lost = format('%s:%s:', pg_snapshot_xmax(pg_current_snapshot()),"
              + " pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1)::pg_snapshot; commit");
      await("it is told", () -> lost.get() > 0);
      asSuperuser("update crm_private.change_ring set lost = null");
      shop.messages().recordInbound(customer, "x");
      await("it goes on", () -> !told.isEmpty());
      assertThat(screen.isOpen()).isTrue();
    }
  }

  /** Whoever writes much announces little, and never in the transactions that write. */
  @Test
  void announcesBesideTransactions() throws Exception {
    Crm writing = Crm.builder(own).schema(Installed.SCHEMA).announceChanges().build();
    try (Connection ear = database.dataSource().getConnection();
        Statement statement = ear.createStatement()) {
      statement.execute("listen dovetable_changes");
      int writers = 0;
      TenantScope scope = writing.asAgent(shop.prefix());
      int heard = 0;
      for (int i = 0; i < 100; i++) {
        int pid =
            scope.transaction(
                inner -> {
                  inner.messages().recordInbound(customer, "x");
                  return inner.dsl().fetchSingle("select pg_backend_pid()").get(0, Integer.class);
                });
        writers += pid > 0 ? 1 : 0;
        heard += ear.unwrap(PGConnection.class).getNotifications().length;
      }
      assertThat(writers).isEqualTo(100);
      org.postgresql.PGNotification[] last =
          ear.unwrap(PGConnection.class).getNotifications(60_000);
      heard += last.length;
      assertThat(heard).isPositive();
      assertThat(
              superuser(
                  "select count(*) from pg_proc where pronamespace = 'crm_private'::regnamespace"
                      + " and proname ~ 'change' and prosrc ~* 'notify'"))
          .containsExactly("0");
    }
  }

  @Test
  void isNotForTransactions() {
    shop.transaction(
        inner -> {
          assertThatThrownBy(() -> inner.changes().listen(changes -> {}))
              .isInstanceOf(IllegalStateException.class);
          return 0;
        });
  }
}
