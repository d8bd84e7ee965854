package dev.dovetable.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * That pages show what is compiled and run, lead to where they say, and say nothing twice. Java is
 * marked in the sources by {@code // <page> begins} and {@code // ends}.
 */
class PagesTest {
  private static final Pattern SHOWN =
      Pattern.compile("(?ms)^ *// (\\S+\\.md) begins\n(.*?)^ *// ends$");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");

  /** A sentence that is shorter may well be said twice. */
  private static final int LONG_SENTENCE = 60;

  @Test
  void javaOfAPageIsCompiled() {
    String sources =
        Pages.files(Pages.ROOT.resolve("examples"), ".java").stream()
            .map(file -> withoutIndentation(Pages.text(file)))
            .collect(Collectors.joining("\n\n"));
    Map<String, List<String>> missing = new HashMap<>();
    for (String page : Pages.all()) {
      for (String block : Pages.blocks(page, "java")) {
        if (!sources.contains("\n" + withoutIndentation(block) + "\n")) {
          missing.computeIfAbsent(page, p -> new ArrayList<>()).add(block);
        }
      }
    }

    assertThat(missing).isEmpty();
  }

  @Test
  void javaThatIsMarkedIsShown() {
    Map<String, List<String>> marked = new HashMap<>();
    for (String file : Pages.files(Pages.ROOT.resolve("examples"), ".java")) {
      SHOWN
          .matcher(Pages.text(file))
          .results()
          .forEach(
              shown ->
                  marked
                      .computeIfAbsent(shown.group(1), page -> new ArrayList<>())
                      .add(shown.group(2).stripTrailing().stripIndent()));
    }

    assertThat(marked.keySet())
        .contains(
            "README.md",
            "docs/errors.md",
            "docs/extensions.md",
            "docs/guide.md",
            "docs/operations.md",
            "docs/recipes.md",
            "docs/webhooks.md");
    marked.forEach(
        (page, examples) -> assertThat(Pages.blocks(page, "java")).as(page).containsAll(examples));
    assertThat(marked.get("docs/guide.md")).hasSizeGreaterThan(9);
  }

  /** The others are shown by modules of their own, with tests of their own. */
  @Test
  void whatIsShownIsMarked() {
    Set<String> marked = new HashSet<>();
    for (String file : Pages.files(Pages.ROOT.resolve("examples"), ".java")) {
      SHOWN
          .matcher(Pages.text(file))
          .results()
          .map(shown -> shown.group(2).stripTrailing().stripIndent())
          .forEach(marked::add);
    }
    List<String> unmarked =
        Pages.all().stream()
            .flatMap(page -> Pages.blocks(page, "java").stream())
            .filter(block -> !marked.contains(block))
            .toList();

    assertThat(unmarked).allMatch(block -> block.startsWith("@"));
  }

  @Test
  void examplesAreShort() {
    assertThat(Pages.blocks("README.md", "java")).first().satisfies(e -> lines(e, 8));
    assertThat(Pages.all().stream().flatMap(page -> Pages.blocks(page, "java").stream()))
        .allSatisfy(example -> assertThat(example.lines()).hasSizeLessThan(32));
  }

  private static void lines(String example, int count) {
    assertThat(example.lines()).hasSize(count);
  }

  @Test
  void frontPagesAreShort() {
    assertThat(Pages.text("README.md").lines().count()).isLessThanOrEqualTo(150);
    assertThat(Pages.text("ARCHITECTURE.md").lines().count()).isLessThanOrEqualTo(250);
  }

  @Test
  void showTheMigrationsThatAreRunHere() {
    List<String> files =
        Stream.of(PageExamplesTest.MIGRATION, VisitsTest.FIRST, VisitsTest.SECOND)
            .map(file -> Pages.text("examples/quickstart/src/test/resources/" + file).strip())
            .toList();

    assertThat(Pages.blocks("docs/extensions.md", "sql")).containsExactlyElementsOf(files);
  }

  @Test
  void linksLeadSomewhere() {
    List<String> broken = new ArrayList<>();
    for (String page : Pages.all()) {
      LINK.matcher(Pages.prose(page))
          .results()
          .map(link -> link.group(1))
          .filter(link -> !link.matches("[a-z]+:.*"))
          .filter(link -> !leads(page, link))
          .forEach(link -> broken.add(page + ": " + link));
    }

    assertThat(broken).isEmpty();
  }

  private static boolean leads(String page, String link) {
    String[] parts = link.split("#", 2);
    Path to =
        parts[0].isEmpty()
            ? Path.of(page)
            : Path.of("/" + page).resolveSibling(parts[0]).normalize();
    String target = to.toString().replaceFirst("^/", "");
    if (!Files.exists(Pages.ROOT.resolve(target))) {
      return false;
    }
    return parts.length == 1 || anchors(target).contains(parts[1]);
  }

  /** As GitHub makes them. */
  private static Set<String> anchors(String page) {
    Set<String> anchors = new HashSet<>();
    HEADING
        .matcher(Pages.prose(page))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(text -> text.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .forEach(
            anchor -> {
              String unique = anchor;
              for (int i = 1; !anchors.add(unique); i++) {
                unique = anchor + "-" + i;
              }
            });
    return anchors;
  }

  @Test
  void theReadmeLeadsToEveryPage() {
    Set<String> linked =
        LINK.matcher(Pages.text("README.md"))
            .results()
            .map(link -> link.group(1).split("#")[0])
            .collect(Collectors.toSet());

    assertThat(Pages.all())
        .filteredOn(page -> page.startsWith("docs/") || !page.contains("/"))
        .filteredOn(page -> !page.equals("README.md") && !page.equals("docs/benchmarks/results.md"))
        .allMatch(linked::contains);
  }

  @Test
  void noSectionIsEmpty() {
    // A heading may be followed at once by one that is deeper.
    assertThat(Pages.all())
        .allSatisfy(
            page ->
                assertThat(Pages.text(page)).doesNotContainPattern("\n(#+) [^\n]+\n\n+(?!\\1#)#"));
  }

  @Test
  void noSentenceStandsTwice() {
    Map<String, Set<String>> places = new HashMap<>();
    for (String page : Pages.all()) {
      sentences(page)
          .forEach(sentence -> places.computeIfAbsent(sentence, s -> new HashSet<>()).add(page));
    }
    places.values().removeIf(pages -> pages.size() == 1);

    assertThat(places).isEmpty();
  }

  private static Stream<String> sentences(String page) {
    return Pages.prose(page)
        .lines()
        .flatMap(line -> Stream.of(line.split("(?<=[.!?:]) |\\|")))
        .map(sentence -> sentence.replaceFirst("^[-*] ", "").strip())
        .filter(sentence -> sentence.length() >= LONG_SENTENCE);
  }

  private static String withoutIndentation(String java) {
    return java.lines().map(String::strip).collect(Collectors.joining("\n"));
  }
}
