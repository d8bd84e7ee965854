package dev.dovetable.core.changes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.testkit.server.Background;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ChangeConsumerTest extends FeedTest {
  private static final boolean LONG = "long".equals(System.getProperty("crm.test.form"));
  private static final int WRITERS = 8;
  private static final int SECONDS = LONG ? 60 : 8;
  private static final int KILLS = LONG ? 20 : 6;

  private final AtomicBoolean stopped = new AtomicBoolean();
  private final Set<Long> committed = new ConcurrentSkipListSet<>();

  @Test
  void goesOnWhereItWas() {
    TenantScope shop = newTenant();
    int ada = shop.customers().create(new NewCustomer("Ada", "4981")).id();
    assertThat(shop.changes().consumer("one").take(10)).isEmpty();
    long first = shop.messages().recordInbound(ada, "1").id();
    long second = shop.messages().recordInbound(ada, "2").id();

    assertThat(shop.changes().consumer("one").take(1))
        .extracting(Change::ids)
        .containsExactly(List.of(first));
    assertThat(shop.changes().consumer("one").take(10))
        .extracting(Change::ids)
        .containsExactly(List.of(second));
    assertThat(shop.changes().consumer("one").take(10)).isEmpty();
    long third = shop.messages().recordInbound(ada, "3").id();
    assertThat(shop.changes().consumer("one").take(1))
        .as("a page that is just full")
        .extracting(Change::ids)
        .containsExactly(List.of(third));
    long fourth = shop.messages().recordInbound(ada, "4").id();
    assertThat(shop.changes().consumer("one").take(10))
        .extracting(Change::ids)
        .containsExactly(List.of(fourth));
    // Of all agents, the name is another one's.
    assertThat(all().consumer("one").remove()).isFalse();
  }

  /** Its own transaction counts as over in its own snapshot, once younger ones are. */
  @Test
  void isToldWhatItsOwnTransactionWrites() {
    TenantScope shop = newTenant();
    TenantScope other = newTenant();
    int ada = shop.customers().create(new NewCustomer("Ada", "4982")).id();
    int bob = other.customers().create(new NewCustomer("Bob", "4983")).id();
    shop.changes().consumer("own").take(10);
    long own =
        shop.transaction(
            inner -> {
              inner.customers().create(new NewCustomer("Cy", "4984"));
              other.messages().recordInbound(bob, "younger, and over");
              assertThat(inner.changes().consumer("own").take(10)).isEmpty();
              return inner.messages().recordInbound(ada, "answer").id();
            });

    assertThat(shop.changes().consumer("own").take(10))
        .extracting(Change::topic)
        .containsExactly(ChangeFeed.CUSTOMERS, ChangeFeed.MESSAGES);
    assertThat(own).isPositive();
  }

  /** Several writers, one of them for long, and a reader that is killed again and again. */
  @Test
  @Timeout(240)
  void missesNothingAndDoesNothingTwice() throws Exception {
    TenantScope shop = newTenant();
    List<Integer> customers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      customers.add(shop.customers().create(new NewCustomer("C" + i, "4985" + i)).id());
    }
    asSuperuser("create table public.done (position bigint, id bigint)");
    asSuperuser("grant insert on public.done to service_role");
    all().consumer("copy").restart();
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int n = i;
      writers.add(Background.run(() -> write(shop, customers, new Random(n))));
    }
    CompletableFuture<Void> slow = Background.run(() -> writeSlowly(shop, customers.get(0)));

    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    int kills = 0;
    while (System.nanoTime() < end || kills < KILLS) {
      boolean isTime = System.nanoTime() > end - (KILLS - kills) * SECONDS * 900_000_000L / KILLS;
      kills += copy(shop, isTime && kills < KILLS) ? 1 : 0;
    }
    stopped.set(true);
    for (CompletableFuture<Void> one : writers) {
      one.get();
    }
    slow.get();
    await(
        "all is read",
        () -> {
          copy(shop, false);
          return superuser("select id from public.done").size() >= committed.size();
        });

    List<String> done = superuser("select id::text from public.done order by id");
    Set<Long> seen = new TreeSet<>(done.stream().map(Long::valueOf).toList());
    assertThat(seen).as("missed or rolled back").containsExactlyElementsOf(committed);
    assertThat(done).as("twice").hasSameSizeAs(seen);
    assertThat(committed).hasSizeGreaterThan(WRITERS * SECONDS);
  }

  /** Work and place in one transaction; true if it was killed in between. */
  private static boolean copy(TenantScope shop, boolean kill) {
    try {
      crm.transaction(
          inner -> {
            List<Change> changes = inner.asService().changes().consumer("copy").take(50);
            DSLContext dsl = inner.asService().tenant(shop.prefix()).dsl();
            for (Change change : changes) {
              dsl.execute(
                  "insert into public.done select ?, unnest(?)",
                  change.position(),
                  change.ids().toArray(Long[]::new));
            }
            if (kill) {
              int pid = dsl.fetchSingle("select pg_backend_pid()").get(0, Integer.class);
              asSuperuser("select pg_terminate_backend(" + pid + ")");
            }
            return changes.size();
          });
      return false;
    } catch (DatabaseException e) {
      if (!kill) {
        throw e;
      }
      return true;
    }
  }

  /** Up to three statements of up to three rows, in savepoints, some of which are undone. */
  private void write(TenantScope shop, List<Integer> customers, Random random) throws Exception {
    while (!stopped.get()) {
      try {
        committed.addAll(
            shop.transaction(
                inner -> {
                  List<Long> ids = new ArrayList<>();
                  for (int i = random.nextInt(3); i >= 0; i--) {
                    ids.addAll(inSavepoint(inner, customers, random));
                  }
                  if (random.nextInt(12) == 0) {
                    throw new Undone();
                  }
                  return ids;
                }));
      } catch (Undone e) {
        // Nothing of it is to be seen.
      }
      Thread.sleep(random.nextInt(30));
    }
  }

  private static List<Long> inSavepoint(TenantScope inner, List<Integer> customers, Random random) {
    try {
      return inner.transaction(
          savepoint -> {
            List<Long> ids =
                savepoint
                    .dsl()
                    .fetch(
                        "insert into crm."
                            + savepoint.prefix()
                            + "_messages (customer_id, message, direction)"
                            + " select ?, 'x', 'inbound' from generate_series(1, ?) returning id",
                        customers.get(random.nextInt(customers.size())),
                        1 + random.nextInt(3))
                    .map(row -> row.get(0, Long.class));
            if (random.nextInt(8) == 0) {
              throw new Undone();
            }
            return ids;
          });
    } catch (Undone e) {
      return List.of();
    }
  }

  private void writeSlowly(TenantScope shop, int customer) throws Exception {
    committed.add(
        shop.transaction(
            inner -> {
              long id = inner.messages().recordInbound(customer, "slow").id();
              for (int i = 0; i < SECONDS * 75 && !stopped.get(); i++) {
                Thread.sleep(10);
              }
              return id;
            }));
  }

  private static final class Undone extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
