package dev.dovetable.schema.install;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.files.Script;
import dev.dovetable.schema.internal.files.Scripts;
import dev.dovetable.schema.internal.settings.Names;
import dev.dovetable.schema.internal.settings.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes the files for those who run them without Java. */
final class Exporter {
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Scripts scripts;
  private final Target target;
  private final List<Path> written = new ArrayList<>();

  Exporter(Scripts scripts, Target target) {
    this.scripts = scripts;
    this.target = target;
  }

  List<Path> forPsql(Path folder) {
    for (Script script : scripts.byPath().values()) {
      write(folder.resolve(script.path()), script.text());
    }
    write(folder.resolve("install.sql"), psqlScript("install", scripts.complete()));
    write(folder.resolve("upgrade.sql"), psqlScript("upgrade", scripts.upgradeByPsql()));
    return List.copyOf(written);
  }

  /**
   * Without supabase_compat: Supabase brings what it makes. The files come first here, for a new
   * project as for an old one: a migration needs the tables, and the CLI runs every file. Each is a
   * transaction of its own, whatever the CLI or the SQL editor makes of them.
   */
  List<Path> forSupabase(Path project, Instant first) {
    List<Script> sequence = new ArrayList<>(scripts.schema());
    sequence.addAll(scripts.migrations());
    Path folder = project.resolve("supabase").resolve("migrations");
    for (int i = 0; i < sequence.size(); i++) {
      Script script = sequence.get(i);
      // The CLI runs each file with settings of its own, so each says where it belongs.
      String text =
          target.schema().equals(Names.DEFAULT_SCHEMA)
              ? script.text()
              : transaction(createSchema() + searchPath() + script.statements());
      write(
          folder.resolve(TIMESTAMP.format(first.plusSeconds(i)) + "_" + script.name() + ".sql"),
          text);
    }
    return List.copyOf(written);
  }

  /** One transaction around all of them, whose settings are made anew for each. */
  private String psqlScript(String purpose, List<Script> sequence) {
    StringBuilder text = new StringBuilder(Resources.read("installer/export_" + purpose + ".sql"));
    text.append(createSchema());
    for (Script script : sequence) {
      text.append("\n-- ").append(script.path()).append('\n');
      text.append(searchPath()).append(script.statements());
    }
    return transaction(text.toString());
  }

  private static String transaction(String statements) {
    return "begin;\n" + statements + "\ncommit;\n";
  }

  private String createSchema() {
    return target.schema().equals(Names.DEFAULT_SCHEMA)
        ? ""
        : forSchema("installer/export_schema.sql");
  }

  private String searchPath() {
    return forSchema("installer/export_path.sql");
  }

  private String forSchema(String resource) {
    String identifier = "\"" + target.schema().replace("\"", "\"\"") + "\"";
    return Resources.read(resource).replace(":\"schema\"", identifier);
  }

  private void write(Path file, String text) {
    try {
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.writeString(file, text);
      written.add(file);
    } catch (IOException e) {
      throw new SchemaException(
          Reason.EXPORT_FAILED,
          "Could not write " + file + ": " + e.getMessage() + ".",
          "Choose a folder that can be written to.",
          e);
    }
  }
}
