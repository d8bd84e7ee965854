package dev.dovetable.examples.appointments;

import static dev.dovetable.examples.appointments.jooq.Tables.APPOINTMENTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.examples.appointments.jooq.tables.Appointments;
import dev.dovetable.testkit.CrmTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That the page about extensions shows what is built here. */
@CrmTest(extensions = AppointmentsExtension.class)
class ExtensionsPageTest {
  private static final Path SOURCE =
      Path.of("src/test/java/dev/dovetable/examples/appointments/ExtensionsPageTest.java");

  private static List<Instant> taken(TenantScope shop) {
    // docs/extensions.md begins
    Appointments appointments = shop.table(APPOINTMENTS);
    List<Instant> taken =
        shop.dsl()
            .select(appointments.STARTS_AT)
            .from(appointments)
            .where(appointments.CANCELLED_AT.isNull())
            .orderBy(appointments.STARTS_AT)
            .fetch(appointments.STARTS_AT);
    // ends
    return taken;
  }

  @Test
  void theExampleDoesWhatItSays(TenantScope shop) throws IOException {
    Instant nine = Instant.parse("2026-02-03T09:00:00Z");
    new Calendar(shop).book("12025550142", "Maria", "Cut", nine, Duration.ofHours(1));
    assertThat(taken(shop)).containsExactly(nine);

    String example =
        Files.readString(SOURCE).split("// docs/extensions.md begins\n")[1].split("// ends")[0];
    assertThat(section()).contains("```java\n" + example.stripIndent().strip() + "\n```");
  }

  @Test
  void theConfigurationIsThisModules() throws IOException {
    String shown = section().split("```xml\n")[1].split("```")[0];
    String used = Files.readString(Path.of("pom.xml"));
    for (String part : List.of("executions", "database", "dependencies")) {
      assertThat(compact(used)).contains(compact(element(shown, part)));
    }
    assertThat(used).contains(element(shown, "name"));
  }

  private static String section() throws IOException {
    return Files.readString(Path.of("../../docs/extensions.md"))
        .split("\n## Your tables in jOOQ\n")[1]
        .split("\n## ")[0];
  }

  private static String element(String xml, String name) {
    int begin = xml.indexOf("<" + name + ">");
    return xml.substring(begin, xml.indexOf("</" + name + ">", begin) + name.length() + 3);
  }

  private static String compact(String xml) {
    return xml.replaceAll("\\s+", "").replace("${project.version}", "0.1.0-SNAPSHOT");
  }
}
