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
    assertThatThrownBy(() -> Refusals.checkReadable(on(140_022), TARGET))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("The server is PostgreSQL 14.")
        .hasMessageContaining("Use PostgreSQL 15 or newer.")
        .extracting("reason")
        .isEqualTo(Reason.UNSUITABLE_CONNECTION);
    assertThatCode(() -> Refusals.checkReadable(on(150_000), TARGET)).doesNotThrowAnyException();
  }

  private static Probe on(int serverVersion) {
    List<String> none = List.of();
    return new Probe(
        serverVersion,
        "owner",
        "crm",
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
        List.of(),
        0);
  }
}
