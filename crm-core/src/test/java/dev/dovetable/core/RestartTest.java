package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.DatabaseException.Kind;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.Concurrently;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.testkit.server.Background;
import dev.dovetable.testkit.server.PostgresServer;
import dev.dovetable.testkit.server.wire.CustomDataSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Eight writers while their sessions are ended and the server is restarted: every message that was
 * acknowledged is there, and none twice. On a server of its own, which others don't suffer from.
 */
class RestartTest {
  private static final int WRITERS = 8;
  private static final int MESSAGES = 60;
  private static final int KILLS = 6;
  private static final String DATABASE = "postgres";
  private static final String LOGIN = "app";

  @TempDir Path directory;

  private int port;
  private PostgresServer server;
  private HikariDataSource pool;
  private TenantScope scope;
  private Customer customer;

  /** What the writers know. */
  private record Written(List<String> acknowledged, List<CrmException> failures) {}

  @BeforeEach
  void start() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    server = startServer();
    new Installed().prepare(new CustomDataSource(this::superuser));
    try (Connection connection = superuser();
        Statement statement = connection.createStatement()) {
      statement.execute("create role app login in role authenticated, service_role");
    }
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url(LOGIN));
    config.setMaximumPoolSize(WRITERS);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(1000);
    config.setInitializationFailTimeout(-1);
    pool = new HikariDataSource(config);
    Crm crm = DatabaseTest.crm(pool);
    User admin =
        crm.asService().users().create(new NewUser("Admin", "admin@example.com", UserRole.ADMIN));
    User user =
        crm.asService().users().create(new NewUser("User", "user@example.com", UserRole.AGENT));
    crm.asService().agents().create(user.id(), "shop", admin.id());
    scope = crm.asAgent("shop");
    customer = scope.customers().create(new NewCustomer("Ada", "0"));
  }

  @AfterEach
  void stop() throws Exception {
    pool.close();
    stopServer();
    server.close();
  }

  @Test
  void killedSessionsLoseNoAcknowledgedMessage() throws Exception {
    AtomicInteger done = new AtomicInteger();
    CompletableFuture<Integer> killer =
        Background.call(
            () -> {
              int killed = 0;
              for (int i = 1; i <= KILLS; i++) {
                await(done, i * WRITERS * MESSAGES / (KILLS + 2));
                killed += killSessions();
              }
              return killed;
            });

    List<Written> written = write(done);

    assertThat(killer.get(2, TimeUnit.MINUTES)).isPositive();
    assertAcknowledgedAreThereOnce(written);
  }

  @Test
  void restartedServerHoldsEveryAcknowledgedMessage() throws Exception {
    AtomicInteger done = new AtomicInteger();
    CompletableFuture<Void> restart =
        Background.run(
            () -> {
              await(done, WRITERS * MESSAGES / 3);
              stopServer();
              server.close();
              server = startServer();
            });

    List<Written> written = write(done);

    restart.get(2, TimeUnit.MINUTES);
    assertAcknowledgedAreThereOnce(written);
    assertThat(written.stream().flatMap(w -> w.failures().stream())).isNotEmpty();
  }

  private List<Written> write(AtomicInteger done) throws Exception {
    return Concurrently.run(
        WRITERS,
        writer -> {
          List<String> acknowledged = new ArrayList<>();
          List<CrmException> failures = new ArrayList<>();
          for (int i = 0; i < MESSAGES; i++) {
            // Another text at each attempt: one whose answer was lost may have been stored.
            for (int attempt = 0; ; attempt++) {
              String text = writer + "/" + i + "/" + attempt;
              try {
                write(writer + i, text);
                acknowledged.add(text);
                done.incrementAndGet();
                break;
              } catch (CrmException e) {
                failures.add(e);
                if (attempt > 2000) {
                  throw e;
                }
                Thread.sleep(20);
              }
            }
          }
          return new Written(acknowledged, failures);
        });
  }

  /** Alone, by phone, and with others in a transaction. */
  private void write(int way, String text) {
    switch (way % 3) {
      case 0 -> scope.messages().recordInbound(customer.id(), text);
      case 1 -> scope.messages().recordInboundFrom("1" + way, "Bo", text, Instant.EPOCH);
      default ->
          scope.transaction(
              tx -> {
                tx.customers().rename(tx.customers().create(new NewCustomer("C", text)).id(), "D");
                return tx.messages().recordOutbound(customer.id(), text);
              });
    }
  }

  private void assertAcknowledgedAreThereOnce(List<Written> written) {
    var table = scope.tables().messages();
    List<String> stored = scope.dsl().select(table.MESSAGE).from(table).fetch(table.MESSAGE);
    List<String> acknowledged = written.stream().flatMap(w -> w.acknowledged().stream()).toList();
    assertThat(acknowledged).hasSize(WRITERS * MESSAGES);
    assertThat(stored).doesNotHaveDuplicates().containsAll(acknowledged);

    // A transaction is there as a whole or not at all.
    var customers = scope.tables().customers();
    Set<String> withCustomer =
        Set.copyOf(
            scope
                .dsl()
                .select(customers.PHONE)
                .from(customers)
                .where(customers.PHONE.contains("/"))
                .fetch(customers.PHONE));
    assertThat(stored.stream().filter(text -> isInTransaction(text)).collect(Collectors.toSet()))
        .isEqualTo(withCustomer);

    assertThat(written.stream().flatMap(w -> w.failures().stream()))
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOfSatisfying(
                        DatabaseException.class,
                        e -> {
                          assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE);
                          assertThat(e.isRetryable()).isTrue();
                          assertThat(e.getMessage()).doesNotContain("/");
                        }));
  }

  private static boolean isInTransaction(String text) {
    String[] parts = text.split("/");
    return (Integer.parseInt(parts[0]) + Integer.parseInt(parts[1])) % 3 == 2;
  }

  private int killSessions() {
    try (Connection connection = superuser();
        Statement statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                    + " where usename = 'app'")) {
      row.next();
      return row.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(AtomicInteger done, int count) {
    while (done.get() < count) {
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private PostgresServer startServer() {
    return PostgresServer.builder().keep(directory.resolve("data")).port(port).start();
  }

  private void stopServer() throws IOException, InterruptedException {
    long process = Long.parseLong(server.stopCommand().replaceAll("\\D", ""));
    ProcessHandle handle = ProcessHandle.of(process).orElseThrow();
    assertThat(new ProcessBuilder("sh", "-c", server.stopCommand()).start().waitFor()).isZero();
    handle.onExit().join();
  }

  private Connection superuser() throws SQLException {
    return DriverManager.getConnection(url(server.administrator()));
  }

  private String url(String login) {
    return "jdbc:postgresql://localhost:%d/%s?user=%s".formatted(port, DATABASE, login);
  }
}
