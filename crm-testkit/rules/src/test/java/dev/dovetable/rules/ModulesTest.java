package dev.dovetable.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for the sources of every module, in main and in tests. */
class ModulesTest {
  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
  private static final int FILES = 30;
  private static final int LINES = 300;

  private final List<Path> modules = below(Path.of("..", "..").normalize()).toList();

  @Test
  void allModulesAreLookedAt() {
    assertThat(modules).hasSizeGreaterThan(10);
    assertThat(modules.stream().flatMap(ModulesTest::packages)).hasSizeGreaterThan(50);
  }

  @Test
  void noPackageIsCrowded() {
    Map<Path, Long> crowded =
        modules.stream()
            .flatMap(ModulesTest::packages)
            .collect(Collectors.toMap(room -> room, room -> files(room).count()));
    crowded.values().removeIf(count -> count <= FILES);

    assertThat(crowded).isEmpty();
  }

  @Test
  void noFileIsLong() {
    Map<Path, Long> lengthy =
        modules.stream()
            .flatMap(ModulesTest::packages)
            .flatMap(ModulesTest::files)
            .collect(Collectors.toMap(file -> file, ModulesTest::lines));
    lengthy.values().removeIf(count -> count <= LINES);

    assertThat(lengthy).isEmpty();
  }

  /** {@link RoomRules} reads class files, of which a module has its own alone. */
  @Test
  void whoeverHasSeveralPackagesLooksForCycles() {
    List<Path> several =
        modules.stream()
            .filter(module -> packages(module.resolve("src/main/java")).count() > 1)
            .toList();

    assertThat(several).isNotEmpty();
    assertThat(several)
        .allSatisfy(
            module ->
                assertThat(packages(module).flatMap(ModulesTest::files))
                    .extracting(Path::getFileName)
                    .contains(Path.of("RoomsTest.java")));
  }

  private static Stream<Path> below(Path module) {
    return MODULE
        .matcher(read(module.resolve("pom.xml")))
        .results()
        .map(match -> module.resolve(match.group(1)))
        .flatMap(child -> Stream.concat(Stream.of(child), below(child)));
  }

  private static Stream<Path> packages(Path module) {
    Path sources = module.endsWith("java") ? module : module.resolve("src");
    return list(sources, Integer.MAX_VALUE, Files::isDirectory)
        .filter(folder -> files(folder).findAny().isPresent());
  }

  private static Stream<Path> files(Path folder) {
    return list(folder, 1, file -> file.toString().endsWith(".java"));
  }

  private static Stream<Path> list(Path folder, int depth, Predicate<Path> wanted) {
    if (!Files.exists(folder)) {
      return Stream.empty();
    }
    try (Stream<Path> all = Files.walk(folder, depth)) {
      return all.filter(wanted).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long lines(Path file) {
    return read(file).lines().count();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
