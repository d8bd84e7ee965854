package dev.dovetable.core.internal.payload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.internal.payload.UnreadableBodyException.Reason;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Damaged bodies, by a seed that {@code -Dcrm.fuzz.seed} sets: none makes the reader throw anything
 * undocumented, none carries the signature of what it was, and all that is read can be stored.
 */
@Tag("slow")
@FreshDatabase
class WebhookFuzzTest {

  private static final int BODIES =
      "long".equals(System.getProperty("crm.test.form")) ? 100_000 : 10_000;
  private static final int STORED = 5_000;
  private static final String SECRET = "a secret";

  private final long seed = Long.getLong("crm.fuzz.seed", 20261125L);
  private final WebhookReader reader = new WebhookReader(3 << 20);
  private final WebhookSignature signature = WebhookSignature.of(List.of(SECRET));
  private final Map<Reason, Integer> refused = new EnumMap<>(Reason.class);
  private int messages;
  private int statuses;

  private final List<String> texts = new ArrayList<>();
  private final List<String> documents = new ArrayList<>();

  @Test
  void damagedBodiesAreReadOrRefused(PostgresDatabase database) throws Exception {
    List<byte[]> bodies =
        Stream.concat(Samples.own().stream(), Samples.recorded().stream())
            .map(Samples.Sample::body)
            .toList();
    List<String> headers = new ArrayList<>();
    for (byte[] body : bodies) {
      headers.add(WebhookSignatureTest.sign(SECRET, body));
    }
    Mutations mutations = new Mutations(new Random(seed), bodies);
    for (int i = 0; i < BODIES; i++) {
      byte[] body = mutations.next();
      int original = i % bodies.size();
      try {
        assertThat(signature.matches(body, headers.get(original)))
            .isEqualTo(Arrays.equals(body, bodies.get(original)));
        check(body, i % (BODIES / STORED) == 0);
      } catch (RuntimeException | AssertionError e) {
        String text = new String(body, StandardCharsets.UTF_8);
        throw new AssertionError("seed %d, body %d: %s".formatted(seed, i, text), e);
      }
    }
    System.out.printf(
        "%d damaged bodies by seed %d: %d messages and %d statuses read, refused %s%n",
        BODIES, seed, messages, statuses, refused);
    assertThat(messages).isGreaterThan(BODIES / 4);
    assertThat(statuses).isGreaterThan(BODIES / 20);
    assertThat(refused).containsOnlyKeys(Reason.NOT_UTF8, Reason.NOT_JSON, Reason.NO_CHANGE);
    assertStorable(database);
  }

  private void check(byte[] body, boolean store) {
    List<WebhookChange> changes;
    try {
      changes = reader.read(body).changes();
    } catch (UnreadableBodyException e) {
      refused.merge(e.reason(), 1, Integer::sum);
      return;
    }
    assertThat(changes).isNotEmpty();
    for (WebhookChange change : changes) {
      messages += change.messages().size();
      statuses += change.statuses().size();
      assertThat(isLost(change)).isFalse();
      assertThat(reread(change)).isEqualTo(change);
      change.messages().forEach(message -> assertThat(message.text()).isNotBlank());
      if (store) {
        collect(change);
      }
    }
  }

  private static boolean isLost(WebhookChange change) {
    return change.complete()
        && change.messages().isEmpty()
        && change.statuses().isEmpty()
        && change.news().isEmpty()
        && change.preferences().isEmpty();
  }

  /** A raw change is a body of its own. */
  private WebhookChange reread(WebhookChange change) {
    try {
      List<WebhookChange> changes =
          reader.read(change.raw().getBytes(StandardCharsets.UTF_8)).changes();
      assertThat(changes).hasSize(1);
      return changes.get(0);
    } catch (UnreadableBodyException e) {
      throw new AssertionError(change.raw(), e);
    }
  }

  private void collect(WebhookChange change) {
    texts.addAll(List.of(change.raw(), change.field()));
    change.phoneNumberId().ifPresent(texts::add);
    change.businessAccountId().ifPresent(texts::add);
    for (InboundMessage message : change.messages()) {
      texts.addAll(List.of(message.text(), message.kind(), message.providerId()));
      Stream.of(
              message.sender().phone(),
              message.sender().userId(),
              message.sender().name(),
              message.repliesTo(),
              message.concerns(),
              message.media().flatMap(Media::caption),
              message.media().flatMap(Media::fileName))
          .flatMap(Optional::stream)
          .forEach(texts::add);
      documents.add(message.payload());
    }
    change.preferences().forEach(told -> texts.addAll(List.of(told.category(), told.value())));
    change.news().forEach(piece -> documents.add(piece.payload()));
    for (MessageStatus status : change.statuses()) {
      texts.add(status.providerId());
      documents.addAll(List.of(status.payload(), status.errors()));
    }
  }

  private void assertStorable(PostgresDatabase database) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create temporary table kept (id serial, value text, document jsonb)");
      insert(connection, "insert into kept (value) values (?)", texts);
      insert(connection, "insert into kept (document) values (?::jsonb)", documents);
      List<String> stored = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery("select value from kept where value is not null order by id")) {
        while (rows.next()) {
          stored.add(rows.getString(1));
        }
      }
      assertThat(stored).isEqualTo(texts);
    }
  }

  private static void insert(Connection connection, String sql, List<String> values)
      throws SQLException {
    assertThat(values).isNotEmpty();
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (String value : values) {
        insert.setString(1, value);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }
}
