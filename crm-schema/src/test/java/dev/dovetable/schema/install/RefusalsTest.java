package dev.dovetable.schema.install;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.internal.jdbc.Probe;
import dev.dovetable.schema.internal.settings.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefusalsTest {
  private static final Target TARGET =
      new Target("public", Optional.empty(), Duration.ofSeconds(1));

  @Test
  void serversThatAreNotMaintainedAnyMoreAreRefused() {
    assertThatThrownBy(() -> Refusals.checkReadable(on(140_022, "UTF8"), TARGET))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("The server is PostgreSQL 14.")
        .hasMessageContaining("Use PostgreSQL 15 or newer.")
        .extracting("reason")
        .isEqualTo(Reason.UNSUITABLE_CONNECTION);
    assertThatCode(() -> Refusals.checkReadable(on(150_000, "UTF8"), TARGET))
        .doesNotThrowAnyException();
  }

  @Test
  void anEncodingThatLacksLettersIsRefused() {
    assertThatThrownBy(() -> Refusals.checkReadable(on(150_000, "LATIN1"), TARGET))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("Database crm is encoded in LATIN1")
        .hasMessageContaining("encoding 'UTF8'")
        .extracting("reason")
        .isEqualTo(Reason.UNSUITABLE_CONNECTION);
  }

  private static Probe on(int serverVersion, String encoding) {
    List<String> none = List.of();
    return new Probe(
        serverVersion,
        "owner",
        "crm",
        encoding,
        Optional.empty(),
        none,
        none,
        true,
        "owner",
        true,
        false,
        none,
        false,
        false,
        false,
        none,
        false,
        false,
        false,
        none,
        none,
        none,
        none,
        none,
        List.of(),
        0);
  }
}
