package dev.dovetable.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.Crm;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** That the README shows what is compiled here, and what its first example does. */
@FreshDatabase
class ReadmeExampleTest {
  private static final Path SOURCES = Path.of("src/test/java/dev/dovetable/examples/quickstart");
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)\n```", Pattern.DOTALL);

  @Test
  void showsTheFirstExampleThatIsCompiledHere() throws IOException {
    List<String> examples = examples("ReadmeExample.java");

    assertThat(examples).singleElement().satisfies(e -> assertThat(e.lines()).hasSize(10));
    assertThat(blocks(Readme.text().split("\n## Without Java\n")[0])).containsAll(examples);
  }

  @Test
  void showsTheExamplesOfTheAreasThatAreCompiledHere() throws IOException {
    List<String> examples = examples("ReadmeAreas.java");
    String reference =
        Readme.text()
            .split("\n## Reference\n")[1]
            .split("\n## ")[0]
            // Compiled in examples/appointments.
            .replaceFirst("(?s)\n#### Your tables in jOOQ\n.*?(?=\n### )", "");

    assertThat(examples).hasSize(15);
    assertThat(blocks(reference)).isEqualTo(examples);
    assertThat(examples).allSatisfy(e -> assertThat(e.lines()).hasSizeLessThan(14));
  }

  @Test
  void showsTheMigrationThatIsRunHere() throws IOException {
    String file = Files.readString(Path.of("src/test/resources", ReadmeTest.MIGRATION));

    assertThat(Readme.text()).contains("```sql\n" + file + "```");
  }

  @Test
  void noSectionIsEmpty() {
    // A heading may be followed at once by one that is deeper.
    assertThat(Readme.text()).doesNotContainPattern("\n(#+) [^\n]+\n\n+(?!\\1#)#");
  }

  @Test
  void theFirstExampleDoesWhatItSays(PostgresDatabase database) {
    var order = ReadmeExample.run(database.dataSource());

    assertThat(order.order().total()).isEqualByComparingTo("29.00");
    assertThat(
            Crm.create(database.dataSource())
                .tenant("agt_6f78")
                .conversations()
                .latest(PageRequest.first(1))
                .items())
        .singleElement()
        .satisfies(
            conversation -> {
              assertThat(conversation.customer().name()).isEqualTo("Maria");
              assertThat(conversation.lastMessage().text()).isEqualTo("Two bags of coffee, please");
            });
  }

  private static List<String> blocks(String markdown) {
    return JAVA.matcher(markdown).results().map(block -> block.group(1)).toList();
  }

  private static List<String> examples(String file) throws IOException {
    return Arrays.stream(Files.readString(SOURCES.resolve(file)).split("// README begins\n"))
        .skip(1)
        .map(part -> part.split("// README ends")[0].stripIndent().strip())
        .toList();
  }
}
