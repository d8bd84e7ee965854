package dev.dovetable.core.internal.sql;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JooqVersionTest {

  @ParameterizedTest
  @ValueSource(strings = {"3.16.23", "3.18.7"})
  void anOlderOneIsNamedWithTheRemedy(String version) {
    assertThatIllegalStateException()
        .isThrownBy(() -> JooqVersion.require(version))
        .withMessageContaining("jOOQ " + version)
        .withMessageContaining("3.19")
        .withMessageContaining("jooq.version");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.19.0", "3.21.4", "3.22.0-SNAPSHOT", "4.0.0", ""})
  void othersPass(String version) {
    assertThatCode(() -> JooqVersion.require(version)).doesNotThrowAnyException();
    assertThatCode(JooqVersion::require).doesNotThrowAnyException();
  }
}
