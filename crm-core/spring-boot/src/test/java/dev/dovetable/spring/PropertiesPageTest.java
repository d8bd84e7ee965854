package dev.dovetable.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page's table of properties has what an editor shows of them, in the same words. */
class PropertiesPageTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "spring.md");

  @Test
  void thePageHasEveryPropertyWithItsDefaultAndDescription() throws IOException {
    List<String> rows = new ArrayList<>();
    for (JsonNode property : metadata().at("/properties")) {
      String name = property.at("/name").asString();
      assertThat(property.at("/description").asString("")).as(name).isNotBlank();
      String standard = property.path("defaultValue").asString("");
      rows.add(
          "| `%s` | %s | %s |"
              .formatted(
                  name,
                  standard.isEmpty() ? "" : "`" + standard + "`",
                  property.at("/description").asString()));
    }
    assertThat(rows).hasSizeGreaterThan(20);

    List<String> told =
        Files.readAllLines(PAGE).stream()
            .dropWhile(line -> !line.equals("## Properties"))
            .skip(1)
            .takeWhile(line -> !line.startsWith("## "))
            .filter(line -> line.startsWith("| `"))
            .toList();
    assertThat(told).containsExactlyElementsOf(rows);
  }

  private static JsonNode metadata() throws IOException {
    try (InputStream file =
        CrmProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
      assertThat(file).isNotNull();
      return JsonMapper.shared().readTree(file);
    }
  }
}
