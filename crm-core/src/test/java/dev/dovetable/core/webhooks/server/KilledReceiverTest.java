package dev.dovetable.core.webhooks.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.Crm;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.core.webhooks.WebhookBodies;
import dev.dovetable.core.webhooks.WebhookBodies.Item;
import dev.dovetable.core.webhooks.WebhookBodies.StatusFor;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import dev.dovetable.core.webhooks.WebhookReport;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.testkit.server.Background;
import dev.dovetable.testkit.server.PostgresServer;
import dev.dovetable.testkit.server.wire.CustomDataSource;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * All processes of the server are killed between the portions of a body and in one of them: after
 * its recovery, the repetition completes the body, and nothing is there twice.
 */
@Tag("slow")
class KilledReceiverTest {
  private static final String NUMBER = "104590110000110";
  private static final int PORTION = 100;
  private static final int MESSAGES = 350;

  /**
   * Before which of its connections the receiver loses the server: the first one looks the agent
   * up, each portion of new senders takes two, and the last one is for the status.
   */
  private static final List<Integer> BETWEEN = List.of(4, 6, 10);

  /** As which of its connections begins to work. */
  private static final int UNDER_WAY = 5;

  @TempDir Path directory;

  private final PGSimpleDataSource owner = new PGSimpleDataSource();
  private final PGSimpleDataSource app = new PGSimpleDataSource();
  private PostgresServer server;
  private ProcessHandle postmaster;
  private int port;

  @BeforeEach
  void start() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    startServer();
    String url = "jdbc:postgresql://localhost:%d/postgres?user=%s";
    owner.setUrl(url.formatted(port, server.administrator()));
    app.setUrl(url.formatted(port, "app"));
    CrmSchema.create().install(owner);
    assertThat(AgentMigrations.of(Webhooks.extension()).run(owner).failures()).isEmpty();
    strings("create role app login in role authenticated, service_role");
    Crm crm = receiver(app::getConnection);
    User user =
        crm.asService().users().create(new NewUser("Ann", "ann@example.com", UserRole.ADMIN));
    crm.asService().agents().create(user.id(), "shop", user.id());
    crm.asService()
        .whatsapp()
        .save(NewWhatsAppConfig.of(user.id(), "1", "https://x.example").phoneNumberId(NUMBER));
  }

  /** The kernel keeps what killed processes have written, so there is no need to flush it. */
  private void startServer() {
    server =
        PostgresServer.builder()
            .keep(directory.resolve("data"))
            .port(port)
            .setting("synchronous_commit", "on")
            .setting("full_page_writes", "on")
            .start();
    long process = Long.parseLong(server.stopCommand().replaceAll("\\D", ""));
    postmaster = ProcessHandle.of(process).orElseThrow();
  }

  @AfterEach
  void stop() {
    kill();
    server.close();
  }

  @Test
  @Timeout(600)
  void repetitionCompletesWhatTheServersDeathHasLeft() throws Exception {
    List<Integer> left = new ArrayList<>();
    for (int connection : BETWEEN) {
      left.add(checkKilled(connection, this::kill));
    }
    CompletableFuture<?>[] death = new CompletableFuture<?>[1];
    left.add(checkKilled(UNDER_WAY, () -> death[0] = Background.run(this::kill)));
    death[0].get(2, TimeUnit.MINUTES);

    assertThat(left).startsWith(PORTION, 2 * PORTION, MESSAGES);
  }

  /** How many messages were there after the recovery. */
  private int checkKilled(int connection, Runnable killing) throws Exception {
    byte[] body = body("wamid." + connection + ".");
    AtomicInteger connections = new AtomicInteger();
    Crm orphan =
        receiver(
            () -> {
              if (connections.incrementAndGet() == connection) {
                killing.run();
              }
              return app.getConnection();
            });

    assertThat(answer(orphan, body)).as("of connection %d", connection).isEmpty();
    kill();
    server.close();
    startServer();

    int left = stored(connection);
    assertThat(left == MESSAGES || left % PORTION == 0).as("whole portions, %d", left).isTrue();
    WebhookReport completed = answer(receiver(app::getConnection), body).orElseThrow();
    assertThat(completed.count(Outcome.STORED)).isEqualTo(MESSAGES - left);
    assertThat(completed.count(Outcome.DUPLICATE)).isEqualTo(left);
    assertThat(stored(connection)).isEqualTo(MESSAGES);
    assertThat(
            strings(
                "select count(distinct m.customer_id) || ' ' || count(distinct m.id) from shop_messages m"
                    + " join shop_whatsapp_deliveries d on d.message_id = m.id"
                    + " where d.provider_id like 'wamid.%d.%%'".formatted(connection)))
        .containsExactly(MESSAGES + " " + MESSAGES);
    assertThat(
            strings(
                "select state from shop_whatsapp_statuses where provider_id = 'wamid.%d.out'"
                    .formatted(connection)))
        .containsExactly("read");
    WebhookReport again = answer(receiver(app::getConnection), body).orElseThrow();
    assertThat(again.count(Outcome.DUPLICATE)).isEqualTo(MESSAGES);
    return left;
  }

  private int stored(int connection) throws SQLException {
    return Integer.parseInt(
        strings(
                "select count(*) from shop_whatsapp_deliveries d join shop_messages m on m.id = d.message_id"
                    + " where d.provider_id like 'wamid.%d.%%'".formatted(connection))
            .get(0));
  }

  /** Empty unless WhatsApp is told that all is well. */
  private static Optional<WebhookReport> answer(Crm crm, byte[] body) {
    try {
      return Optional.of(crm.webhooks().receive(body, null)).filter(r -> r.httpStatus() == 200);
    } catch (CrmException e) {
      return Optional.empty();
    }
  }

  private static Crm receiver(CustomDataSource.Source source) {
    return Crm.builder(new CustomDataSource(source)).withoutWebhookSignatures().build();
  }

  /** Of as many new senders, known in all ways, and a status. */
  private static byte[] body(String ids) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      String phone = "1555" + Math.floorMod(ids.hashCode(), 10_000) + i;
      String userId = "US." + ids.hashCode() + i;
      items.add(
          switch (i % 3) {
            case 0 -> Text.from(ids + i, phone, userId, "C", i);
            case 1 -> Text.from(ids + i, phone, "C", i);
            default -> Text.fromUserId(ids + i, userId, "C", i);
          });
    }
    items.add(new StatusFor(ids + "out", "read", "49301234567", "DE.1", MESSAGES));
    return WebhookBodies.body(NUMBER, items).getBytes(UTF_8);
  }

  private void kill() {
    List<ProcessHandle> all = postmaster.descendants().toList();
    postmaster.destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
    postmaster.onExit().join();
    all.forEach(one -> one.onExit().join());
  }

  private List<String> strings(String sql) throws SQLException {
    try (Connection connection = owner.getConnection();
        Statement statement = connection.createStatement()) {
      List<String> values = new ArrayList<>();
      if (statement.execute(sql)) {
        var rows = statement.getResultSet();
        while (rows.next()) {
          values.add(rows.getString(1));
        }
      }
      return values;
    }
  }
}
