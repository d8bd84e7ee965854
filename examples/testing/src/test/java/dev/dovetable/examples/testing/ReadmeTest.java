package dev.dovetable.examples.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** That the README shows the test that runs here. */
class ReadmeTest {

  @Test
  void showsTheTest() throws IOException {
    Path root = root();
    String test =
        Files.readString(
            root.resolve(
                "examples/testing/src/test/java/dev/dovetable/examples/testing/InboxTest.java"));
    String section = Files.readString(root.resolve("README.md")).split("\n## One test\n")[1];

    assertThat(test.lines()).hasSizeLessThan(32);
    assertThat(section.split("\n## ")[0])
        .contains("```java\n" + test.substring(test.indexOf("@CrmTest\n")) + "```\n");
  }

  /** Surefire runs tests in the module's folder, of which there are two. */
  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("README.md"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}
