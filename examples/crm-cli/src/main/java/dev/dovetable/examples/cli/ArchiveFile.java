package dev.dovetable.examples.cli;

import dev.dovetable.examples.cli.failures.CliException;
import dev.dovetable.examples.cli.failures.ExitStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Where an archive is read from. */
final class ArchiveFile {
  private ArchiveFile() {}

  /** From a file, or from standard input. */
  static <T> T read(Optional<Path> file, Function<InputStream, T> work) {
    if (file.isEmpty()) {
      return work.apply(System.in);
    }
    try (InputStream in = Files.newInputStream(file.get())) {
      return work.apply(in);
    } catch (IOException e) {
      throw new CliException(
          ExitStatus.REFUSED, "Could not read %s: %s.".formatted(file.get(), e.getMessage()), e);
    }
  }
}
