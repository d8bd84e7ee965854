package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/**
 * Virtual threads that wait in this library let go of the thread that carries them. What holds it:
 * native methods and class initialisers below the wait; monitors too before JDK 24, so there are
 * none.
 */
class VirtualThreadsTest extends DatabaseTest {
  private static final int THREADS = 24;
  private static final int ROUNDS = 5;
  private static final Pattern MONITOR = Pattern.compile("\\bsynchronized\\b");

  @TempDir private Path folder;

  /** What parks in here, parks below a native frame. */
  static final class Pinned {
    static {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }

    private Pinned() {}

    static void initialise() {}
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void waitingForConnectionsAndForTheServerPinsNone() throws Exception {
    // Fewer connections than threads, so that they wait for both.
    try (HikariDataSource few = pool(3)) {
      TenantScope scope = crm(few).asAgent(newAgent().prefix());
      recorded(() -> use(scope, -1)); // classes are initialised by whoever comes first

      List<RecordedEvent> pinned =
          recorded(
              () -> {
                for (int round = 0; round < ROUNDS; round++) {
                  use(scope, round);
                }
              });

      assertThat(pinned).isEmpty();
      assertThat(scope.messages().count()).isEqualTo(3L * THREADS * (1 + ROUNDS));
    }
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void theRecorderSeesAThreadThatIsPinned() throws Exception {
    assertThat(recorded(Pinned::initialise)).isNotEmpty();
  }

  @Test
  void thereAreNoMonitors() throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("src", "main", "java"))) {
      List<Path> files = sources.filter(path -> path.toString().endsWith(".java")).toList();
      assertThat(files).hasSizeGreaterThan(50);
      assertThat(files)
          .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContainPattern(MONITOR));
    }
  }

  /** Statements, transactions, savepoints, and a lock that all of them want. */
  private static void use(TenantScope scope, int round) {
    Customer customer = scope.customers().findOrCreateByPhone("1555" + round, "Ada");
    scope.messages().recordInbound(customer.id(), "alone");
    scope.messages().recordOutboundTo(customer.phone(), "Ada", "alone", Instant.EPOCH);
    scope.transaction(
        outer -> {
          outer.customers().rename(customer.id(), "Ada " + round);
          NewOrderItem item = new NewOrderItem("Tea", 1, BigDecimal.ONE);
          outer.orders().place(NewOrder.of(customer.id(), List.of(item)));
          return outer.transaction(
              inner -> inner.messages().recordInbound(customer.id(), "together"));
        });
    try (Stream<Message> messages = scope.messages().stream(customer.id())) {
      assertThat(messages).isNotEmpty();
    }
  }

  /** What was pinned with this library on its stack while all threads did something. */
  private List<RecordedEvent> recorded(Runnable work) throws Exception {
    try (Recording recording = new Recording()) {
      recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO).withStackTrace();
      recording.start();
      ExecutorService threads = virtualThreads();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        running.add(threads.submit(work));
      }
      for (Future<?> each : running) {
        each.get();
      }
      threads.shutdown();
      recording.stop();
      Path file = folder.resolve("pinned.jfr");
      recording.dump(file);
      return RecordingFile.readAllEvents(file).stream()
          .filter(event -> event.getEventType().getName().equals("jdk.VirtualThreadPinned"))
          .filter(VirtualThreadsTest::isInThisLibrary)
          .toList();
    }
  }

  private static boolean isInThisLibrary(RecordedEvent event) {
    return event.getStackTrace() != null
        && event.getStackTrace().getFrames().stream()
            .anyMatch(frame -> frame.getMethod().getType().getName().startsWith("dev.dovetable."));
  }

  /** By reflection, because the sources are Java 17. */
  private static ExecutorService virtualThreads() throws ReflectiveOperationException {
    return (ExecutorService)
        Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
  }
}
