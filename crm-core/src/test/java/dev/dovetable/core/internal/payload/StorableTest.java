package dev.dovetable.core.internal.payload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StorableTest {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  @ParameterizedTest
  @ValueSource(strings = {"", "İıŞ", "👩‍👩‍👧 שלום ‮abc‬", "\u0001\ufeff\uffff", "\ud83d\ude00"})
  void leavesWhatCanBeStored(String text) {
    assertThat(Storable.text(text)).isSameAs(text);
  }

  @Test
  void replacesWhatCanNot() {
    assertThat(Storable.text("\0")).isEqualTo("\ufffd");
    assertThat(Storable.text("a\ud83d")).isEqualTo("a\ufffd");
    assertThat(Storable.text("\udc00b")).isEqualTo("\ufffdb");
    assertThat(Storable.text("\ude00\ud83d\ud83d\ude00")).isEqualTo("\ufffd\ufffd\ud83d\ude00");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[1, 2.50, {\"a\": [null, true, \"x\"]}]", "1e999", "-17"})
  void leavesTreesThatCanBeStored(String json) {
    JsonNode tree = JSON.readTree(json);
    assertThat(Storable.json(tree)).isSameAs(tree);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1e1001; \"1E+1001\"",
        "[-1e-99999]; [\"-1E-99999\"]",
        "{\"a\\u0000\":[\"\\ud83d\"]}; {\"a\ufffd\":[\"\ufffd\"]}"
      })
  void replacesWhatCanNotAnywhereInATree(String json, String expected) {
    assertThat(Storable.json(JSON.readTree(json))).hasToString(expected);
  }
}
