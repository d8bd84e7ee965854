package dev.wacrm.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wacrm.core.Crm;
import dev.wacrm.core.PageRequest;
import dev.wacrm.testkit.server.FreshDatabase;
import dev.wacrm.testkit.server.PostgresDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

@FreshDatabase
class ReadmeTest {

  private static final Path SOURCE =
      Path.of("src/test/java/dev/wacrm/examples/quickstart/ReadmeExample.java");

  @Test
  void showsTheExampleThatIsCompiledHere() throws IOException {
    String source = Files.readString(SOURCE);
    String example =
        source
            .substring(source.indexOf("// README begins") + "// README begins".length())
            .split("// README ends")[0]
            .stripIndent()
            .strip();

    assertThat(example.lines()).hasSize(10);
    assertThat(Readme.text()).contains("```java\n" + example + "\n```");
  }

  @Test
  void theExampleDoesWhatItSays(PostgresDatabase database) {
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
}
