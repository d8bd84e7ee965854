package dev.dovetable.schema.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.internal.files.Script;
import dev.dovetable.schema.internal.files.Scripts;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScriptTest {

  @Test
  void checksumDoesNotDependOnLineEndings() {
    String unix = "select 1;\n\nselect 2;\n";

    assertThat(
            Stream.of(unix, unix.replace("\n", "\r\n"), unix.replace("\n", "\r"))
                .map(text -> Script.of("schema/x.sql", text)))
        .allSatisfy(
            script -> {
              assertThat(script.checksum())
                  .isEqualTo("e3a01c1929666bbd10c628b70f3ba6081d27e9ff84367c4484a36e2d28faa621");
              assertThat(script.text()).isEqualTo(unix);
            });
  }

  @Test
  void checksumDependsOnEverythingElse() {
    assertThat(
            Stream.of("select 1;\n", "select 1;", "select  1;\n", "SELECT 1;\n", "select 1;\n\n")
                .map(text -> Script.of("schema/x.sql", text).checksum())
                .distinct())
        .hasSize(5);
  }

  @Test
  void describesItself() {
    Script script = Script.of("migrations/001_create_whatsapp_configuration.sql", "");

    assertThat(script.name()).isEqualTo("001_create_whatsapp_configuration");
    assertThat(script.description()).isEqualTo("create whatsapp configuration");
  }

  @Test
  void migrationsAreNumberedWithoutGaps() {
    Scripts scripts = Scripts.current();

    for (int version = 1; version <= scripts.version(); version++) {
      assertThat(scripts.migrations().get(version - 1).name())
          .startsWith(String.format("%03d_", version));
    }
  }
}
