package dev.dovetable.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.fixture.AgentsOf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentExtensionDirectoryTest {
  @TempDir private Path directory;

  @Test
  void takesTheFilesInTheOrderOfTheirNumbers() throws IOException {
    for (int version = 12; version >= 1; version--) {
      write("%03d_step.sql".formatted(version), column("c" + version));
    }
    write("README.md", "not a version");

    AgentExtension extension = AgentExtension.fromDirectory("visits", directory);

    assertThat(extension.name()).isEqualTo("visits");
    assertThat(extension.templates())
        .extracting(template -> template.script().text())
        .hasSize(12)
        .startsWith(column("c1"), column("c2"))
        .endsWith(column("c12"));
    assertThat(extension.templates().get(1).script().path())
        .isEqualTo(directory.resolve("002_step.sql").toString());
  }

  @Test
  void isTheSameVersionAsOnTheClassPathWhateverTheLineEndings() throws IOException {
    AgentExtension packaged = AgentsOf.visits("001_create_visits.sql");
    String text = packaged.templates().get(0).script().text();
    write("001_create_visits.sql", text.replace("\n", "\r\n"));

    AgentExtension extension = AgentExtension.fromDirectory("visits", directory);

    assertThat(extension.templates().get(0).script().checksum())
        .isEqualTo(packaged.templates().get(0).script().checksum());
  }

  @Test
  void refusesGapsAndOtherNames() throws IOException {
    assertThatThrownBy(() -> AgentExtension.fromDirectory("visits", directory))
        .hasMessage("extension visits must have a file");
    write("002_second.sql", column("c2"));
    assertThatThrownBy(() -> AgentExtension.fromDirectory("visits", directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version 1 of extension visits, not '002_second.sql'");
    write("001_first.sql", column("c1"));
    write("notes.sql", column("c3"));
    assertThatThrownBy(() -> AgentExtension.fromDirectory("visits", directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("003_….sql")
        .hasMessageContaining("notes.sql");
    assertThatThrownBy(() -> AgentExtension.fromDirectory("Visits", directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lower-case");
  }

  @Test
  void namesWhatCannotBeRead() throws IOException {
    Path missing = directory.resolve("missing");
    assertThatThrownBy(() -> AgentExtension.fromDirectory("visits", missing))
        .isInstanceOfSatisfying(
            SchemaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_TEMPLATE))
        .hasMessageContaining(missing.toString())
        .hasMessageContaining("NoSuchFile");

    Files.write(directory.resolve("001_latin.sql"), "-- ü".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> AgentExtension.fromDirectory("visits", directory))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("001_latin.sql (MalformedInputException)");
  }

  @Test
  void namesFileAndLineOfWhatIsRefused() throws IOException {
    write("001_wrong.sql", "-- a comment\nalter table customers add column email text;\n");

    assertThatThrownBy(() -> AgentExtension.fromDirectory("visits", directory))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining(directory.resolve("001_wrong.sql").toString())
        .hasMessageContaining("2");
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(directory.resolve(file), text);
  }

  private static String column(String name) {
    return "alter table {customers} add column " + name + " text;\n";
  }
}
