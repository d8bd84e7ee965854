package dev.dovetable.examples.quickstart;

import dev.dovetable.schema.archive.AgentArchive;
import dev.dovetable.schema.archive.ExportOptions;
import dev.dovetable.schema.archive.ImportOptions;
import dev.dovetable.schema.archive.ImportReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** The Java of the page on archives. */
final class ArchiveExamples {
  final List<String> output = new ArrayList<>();

  void copy(DataSource dataSource, Path file, UUID userId) throws IOException {
    // docs/archives.md begins
    AgentArchive archive = AgentArchive.create();
    try (OutputStream out = Files.newOutputStream(file)) {
      archive.export(dataSource, "agt_6f78", out, ExportOptions.DEFAULTS);
    }
    try (InputStream in = Files.newInputStream(file)) {
      ImportReport report =
          archive.importAs(dataSource, "agt_copy", in, ImportOptions.user(userId));
      log(report.rows() + " rows, numbers left out: " + report.numbersTaken());
    }
    // ends
  }

  private void log(String line) {
    output.add(line);
  }
}
