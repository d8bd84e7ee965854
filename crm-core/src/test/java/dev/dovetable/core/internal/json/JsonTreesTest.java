package dev.dovetable.core.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.internal.payload.WebhookReader;
import java.io.File;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.util.RawValue;

class JsonTreesTest {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonNodeFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final JsonTrees TREES = new JsonTrees(new JsonFactory(), true);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "[true, false, null, \"\"]",
        "{\"a\": {\"b\": [1, [2, {\"c\": \"d\"}]]}, \"e\": -0}",
        "[2147483647, 2147483648, -9223372036854775808, 9223372036854775808]",
        "[1.50, 1e5, 1E+400, -0.0, 0.00, 12345678901234567890.123456789]",
        "[\"a/b \\\" \\\\ \\u0000 \\u2028 \\ud83d\\ude00 \\ud83d\", \"\u00fc\"]",
      })
  void readsAndWritesAsJacksonsMapperDoes(String json) {
    JsonNode tree = TREES.read(json);

    assertThat(tree).isEqualTo(MAPPER.readTree(json));
    assertThat(TREES.write(tree)).isEqualTo(MAPPER.writeValueAsString(tree));
  }

  @Test
  void writesRawValuesAsTheyAre() {
    JsonNode tree =
        JsonNodeFactory.instance.objectNode().putRawValue("raw", new RawValue("{\"a\" : 1}"));

    assertThat(TREES.write(tree)).isEqualTo("{\"raw\":{\"a\" : 1}}");
  }

  @Test
  void readsTheFirstValueAlone() {
    assertThat(TREES.read("1 2")).isEqualTo(MAPPER.readTree("1"));
    assertThat(TREES.read(" ").isMissingNode()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{", "[1", "[1,]", "{\"a\"}", "{\"a\": 1, \"a\": 2}", "]", "nul", "[[[[]]]]"})
  void refusesWhatIsNoJsonAmbiguousOrTooDeep(String json) {
    StreamReadConstraints shallow = StreamReadConstraints.builder().maxNestingDepth(3).build();
    JsonTrees trees =
        new JsonTrees(JsonFactory.builder().streamReadConstraints(shallow).build(), true);

    assertThatThrownBy(() -> trees.read(json)).isInstanceOf(JacksonException.class);
  }

  @Test
  void theLastOfANameCountsWhereNamesNeedNotBeUnique() {
    assertThat(new JsonTrees(new JsonFactory(), false).read("{\"a\": 1, \"a\": 2}"))
        .isEqualTo(MAPPER.readTree("{\"a\": 2}"));
  }

  /** As beside Jackson 2 of Spring Boot 3, whose annotations lack what a mapper asks for. */
  @Test
  void callbacksAreReadWithoutJacksonsAnnotations() throws Exception {
    byte[] body =
        """
        {"entry": [{"id": "1", "changes": [{"field": "messages", "value": {
          "metadata": {"phone_number_id": "2"},
          "contacts": [{"wa_id": "447700900101", "profile": {"name": "Ada"}}],
          "messages": [{"id": "m", "from": "447700900101", "timestamp": "1700000000",
            "type": "text", "text": {"body": "Hello"}}]}}]}]}
        """
            .getBytes(StandardCharsets.UTF_8);
    try (URLClassLoader bare =
        new URLClassLoader(
            classPathWithout("jackson-annotations"), ClassLoader.getPlatformClassLoader())) {
      Class<?> reader = bare.loadClass(WebhookReader.class.getName());
      Object bareReader = reader.getConstructor(int.class).newInstance(10_000);
      Method read = reader.getMethod("read", byte[].class);

      assertThatThrownBy(() -> bare.loadClass("com.fasterxml.jackson.annotation.JsonProperty"))
          .isInstanceOf(ClassNotFoundException.class);
      assertThat(read.invoke(bareReader, (Object) body))
          .hasToString(new WebhookReader(10_000).read(body).toString());
    }
  }

  private static URL[] classPathWithout(String name) throws MalformedURLException {
    List<URL> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!entry.contains(name)) {
        entries.add(Path.of(entry).toUri().toURL());
      }
    }
    return entries.toArray(URL[]::new);
  }
}
