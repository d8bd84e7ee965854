package dev.dovetable.core.internal.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Bodies to try reading and storing on. */
public final class Samples {

  /** A body and the name of its file, without the ending. */
  public record Sample(String name, byte[] body) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final String OWN = "/dev/dovetable/core/webhooks";

  private Samples() {}

  /** One for each kind of thing that the provider's documentation describes. */
  public static List<Sample> own() {
    try {
      return in(Path.of(Objects.requireNonNull(Samples.class.getResource(OWN)).toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Bodies that were recorded elsewhere; empty where the folder is not next to the project. */
  public static List<Sample> recorded() {
    Path folder = projectRoot().resolveSibling("shared").resolve("payloads");
    return Files.isDirectory(folder) ? in(folder) : List.of();
  }

  /** What the samples are expected to be read as, line by line. */
  public static List<String> expected() {
    try (var in =
        Objects.requireNonNull(Samples.class.getResourceAsStream(OWN + "/expected.txt"))) {
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Sample> in(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(Samples::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Sample read(Path file) {
    try {
      String name = file.getFileName().toString();
      return new Sample(
          name.substring(0, name.length() - ".json".length()), Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The tests of a module run in its folder, those of an editor perhaps above it. */
  private static Path projectRoot() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isDirectory(here.resolve("crm-core"))
        ? here
        : Objects.requireNonNull(here.getParent());
  }
}
