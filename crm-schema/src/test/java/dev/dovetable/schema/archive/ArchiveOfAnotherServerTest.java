package dev.dovetable.schema.archive;

import static dev.dovetable.schema.archive.OddAgents.export;
import static dev.dovetable.schema.archive.OddAgents.hashes;
import static dev.dovetable.schema.archive.OddAgents.importAs;
import static dev.dovetable.schema.archive.OddAgents.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.fixture.AgentsOf;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * An archive that PostgreSQL 15 has written, on whatever PostgreSQL the tests run: what it becomes
 * has the rows that it had there, and is written in the same bytes, which 15 can read therefore.
 */
class ArchiveOfAnotherServerTest {
  private static final String FOLDER = "of_15/";

  private static byte[] read(String name) throws IOException {
    try (InputStream in = ArchiveOfAnotherServerTest.class.getResourceAsStream(FOLDER + name)) {
      return in.readAllBytes();
    }
  }

  @Test
  void isTheSameHere() throws SQLException, IOException {
    Map<String, String> written = new TreeMap<>();
    new String(read("hashes.txt"), StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.split(" ", 2))
        .forEach(parts -> written.put(parts[0], parts[1]));
    Tampered archive = Tampered.empty().put(Manifest.ENTRY, read(Manifest.ENTRY));
    for (Manifest.Table table : manifest().tables()) {
      String entry = Manifest.entryOf(table.suffix());
      archive.put(entry, read(entry));
    }
    archive.put(Sums.ENTRY, read(Sums.ENTRY));

    try (AgentsOf agents = OddAgents.create()) {
      importAs(agents.owner(), "shop_b", archive.asIs(), user(3));
      assertThat(hashes(agents.database().superuser(), "public", "shop_b")).isEqualTo(written);
      assertThat(CrmDoctor.create().examine(agents.owner()).findings()).isEmpty();

      Map<String, byte[]> again = Tampered.of(export(agents.owner(), "shop_b")).entries();
      for (Manifest.Table table : manifest().tables()) {
        String entry = Manifest.entryOf(table.suffix());
        assertThat(again.get(entry)).as(entry).isEqualTo(read(entry));
      }
    }
  }

  private static Manifest manifest() throws IOException {
    try {
      return Manifest.read(read(Manifest.ENTRY));
    } catch (Json.Malformed e) {
      throw new AssertionError(e);
    }
  }
}
