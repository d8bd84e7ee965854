package dev.dovetable.schema.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class CrmSchemaSettingsTest {

  @Test
  void defaults() {
    assertThat(CrmSchema.create().schema()).isEqualTo("public");
    assertThat(CrmSchema.create().version()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\0b", "pg_crm", "information_schema", "auth"})
  void schemasThatAreRefused(String name) {
    assertThatThrownBy(() -> CrmSchema.builder().schema(name).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("schema");
  }

  @Test
  void theNameOfTheSchemaLeavesRoomForItsPrivateOne() {
    assertThat(CrmSchema.builder().schema("ä".repeat(27)).build().schema()).hasSize(27);
    assertThatThrownBy(() -> CrmSchema.builder().schema("ä".repeat(28)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 55 bytes");
  }

  @Test
  void theNameOfARoleFitsPostgresql() {
    assertThatThrownBy(() -> CrmSchema.builder().loginRole("r".repeat(64)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("loginRole must be a name of 1 to 63 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.0001S", "PT1H0.001S"})
  void timeoutsOutOfBounds(String duration) {
    assertThatThrownBy(() -> CrmSchema.builder().lockTimeout(Duration.parse(duration)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 1 millisecond to 1 hour");
  }

  @Test
  void aServerThatCannotBeReached() {
    PGSimpleDataSource nowhere = new PGSimpleDataSource();
    nowhere.setServerNames(new String[] {"localhost"});
    nowhere.setPortNumbers(new int[] {1});

    assertThatThrownBy(() -> CrmSchema.create().install(nowhere))
        .isInstanceOf(SchemaException.class)
        .isInstanceOf(CrmException.class)
        .extracting("reason")
        .isEqualTo(Reason.UNREACHABLE);
  }
}
