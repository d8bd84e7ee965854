package dev.dovetable.schema.archive;

import static dev.dovetable.schema.archive.OddAgents.ARCHIVE;
import static dev.dovetable.schema.archive.OddAgents.export;
import static dev.dovetable.schema.archive.OddAgents.importAs;
import static dev.dovetable.schema.archive.OddAgents.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.CatalogSnapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An archive that somebody else has written is refused, and changes nothing. */
class TamperedArchiveTest {
  private static AgentsOf agents;
  private static byte[] archive;
  private static CatalogSnapshot catalogue;
  private static Map<String, String> rows;
  private static String users;

  @BeforeAll
  static void open() throws SQLException {
    agents = OddAgents.create();
    OddAgents.fill(agents.database().superuser(), "agt_1", 20);
    archive = export(agents.owner(), "agt_1");
    catalogue = agents.database().snapshot();
    rows = OddAgents.hashes(agents.database().superuser(), "public", "agt");
    users = users();
  }

  @AfterAll
  static void close() {
    agents.close();
  }

  private static String users() throws SQLException {
    return agents
        .database()
        .string("select md5(string_agg(u::text, ',' order by id)) from users u");
  }

  private interface Change {
    byte[] apply(Tampered tampered) throws IOException;
  }

  private static Named<Change> named(String name, Change change) {
    return Named.of(name, change);
  }

  static Stream<Named<Change>> changes() {
    String messages = "data/messages.copy";
    return Stream.of(
        named("a letter", t -> t.change(messages, s -> s.replaceFirst("text", "tExt")).asIs()),
        named(
            "a table's name",
            t ->
                t.manifest("\"suffix\": \"odds\"", "\"suffix\": \"x; drop table users\"")
                    .rename("data/odds.copy", "data/x; drop table users.copy")
                    .withChecksums()),
        named(
            "another agent's table",
            t ->
                t.manifest("\"suffix\": \"odds\"", "\"suffix\": \"agt_2_odds\"")
                    .rename("data/odds.copy", "data/agt_2_odds.copy")
                    .withChecksums()),
        named(
            "a column's name",
            t ->
                t.manifest(
                        "\"name\": \"message\"",
                        "\"name\": \"message) from program 'touch pwned'--\"")
                    .withChecksums()),
        named(
            "a total",
            t ->
                t.change("data/orders.copy", s -> s.replaceFirst("59.40", "1.00")).withChecksums()),
        named(
            "a foreign customer",
            t ->
                t.change(messages, s -> s + "9999\t99999\tx\tinbound\t2025-01-01 00:00:00\n")
                    .withChecksums()),
        named("an end", t -> t.change(messages, s -> "\\.\n" + s).withChecksums()),
        named("no end", t -> t.remove(Sums.ENTRY).asIs()),
        named("a table less", t -> t.remove(messages).withChecksums()),
        named("another table", t -> t.add("data/users.copy", "x\n").withChecksums()),
        named("the same table twice", t -> t.add("data/../messages.copy", "x\n").withChecksums()),
        named(
            "an extension that there isn't",
            t -> t.manifest("\"extension\": \"odds\"", "\"extension\": \"evens\"").withChecksums()),
        named("a manifest that is none", t -> t.manifest("{", "[").withChecksums()),
        named(
            "members that are none",
            t -> t.manifest("\"members\": []", "\"members\": [{\"id\": \"x\"}]").withChecksums()),
        named("no manifest", t -> t.remove(Manifest.ENTRY).asIs()),
        named(
            "a row of another type",
            t ->
                t.change("data/customers.copy", s -> s.replaceFirst("(?m)^1\t", "one\t"))
                    .withChecksums()),
        named(
            "a position that no id can have",
            t ->
                t.change(
                        Manifest.ENTRY,
                        s ->
                            s.replaceFirst(
                                "\"sequences\": \\{\"id\": \\d+",
                                "\"sequences\": {\"id\": 99999999999"))
                    .withChecksums()));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void changesNothing(Change change) throws SQLException, IOException {
    byte[] tampered = change.apply(Tampered.of(archive));
    assertThatThrownBy(() -> importAs(agents.owner(), "agt_new", tampered, user(3)))
        .isInstanceOf(SchemaException.class);
    assertNothingChanged();
  }

  /** What the server says of a row quotes it. */
  @Test
  void noRowIsInWhatIsThrown() throws IOException {
    byte[] tampered =
        Tampered.of(archive)
            .change("data/customers.copy", s -> s.replaceFirst("(?m)^1\t", "uno\t"))
            .withChecksums();
    assertThatThrownBy(() -> importAs(agents.owner(), "agt_new", tampered, user(3)))
        .isInstanceOf(SchemaException.class)
        .hasNoCause()
        .hasMessageContaining("refuses its rows")
        .hasMessageNotContaining("uno")
        .hasMessageNotContaining("Name");
  }

  private void assertNothingChanged() throws SQLException {
    assertThat(agents.database().snapshot().differencesFrom(catalogue)).isEmpty();
    assertThat(OddAgents.hashes(agents.database().superuser(), "public", "agt")).isEqualTo(rows);
    assertThat(users()).isEqualTo(users);
    assertThat(agents.database().string("select count(*)::text from agents")).isEqualTo("2");
    assertThat(
            agents
                .database()
                .string("select count(*)::text from pg_locks where locktype = 'advisory'"))
        .isEqualTo("0");
  }

  /** It lands in the new agent: whose it says it is, doesn't matter. */
  @Test
  void anotherAgentsNameIsNoWayIntoIt() throws SQLException, IOException {
    byte[] renamed =
        Tampered.of(archive)
            .manifest("\"prefix\": \"agt_1\"", "\"prefix\": \"agt_2\"")
            .withChecksums();
    try {
      importAs(agents.owner(), "new_one", renamed, user(3));
      assertThat(OddAgents.hashes(agents.database().superuser(), "public", "agt")).isEqualTo(rows);
    } finally {
      agents
          .database()
          .execute("select delete_agent(id) from agents where agent_prefix = 'new_one'");
    }
  }

  /** Behind the last entry comes a directory that says it all once more, which nobody reads. */
  @Test
  void cutAnywhereItChangesNothing() throws SQLException {
    for (int length = 0; length < archive.length * 8 / 10; length += archive.length / 9) {
      byte[] cut = Arrays.copyOf(archive, length);
      assertThatThrownBy(() -> ARCHIVE.check(new ByteArrayInputStream(cut)))
          .isInstanceOf(SchemaException.class);
      assertThatThrownBy(() -> importAs(agents.owner(), "agt_new", cut, user(3)))
          .isInstanceOf(SchemaException.class);
    }
    assertNothingChanged();
  }

  @Test
  void littleThatBecomesMuchIsBounded() throws IOException {
    // A manifest of 100 MB.
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(Manifest.ENTRY));
      byte[] spaces = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 100; i++) {
        zip.write(spaces);
      }
    }
    assertThatThrownBy(() -> ARCHIVE.check(new ByteArrayInputStream(out.toByteArray())))
        .hasMessageContaining("longer than");
    assertThatThrownBy(
            () ->
                AgentArchive.builder()
                    .maxBytes(1000)
                    .build()
                    .check(new ByteArrayInputStream(archive)))
        .hasMessageContaining("more than 1000 bytes");
    assertThatThrownBy(
            () ->
                ARCHIVE.check(
                    new ByteArrayInputStream(
                        Tampered.of(archive)
                            .change(Manifest.ENTRY, s -> "[".repeat(100_000))
                            .asIs())))
        .hasMessageContaining("nested too deeply");
  }
}
