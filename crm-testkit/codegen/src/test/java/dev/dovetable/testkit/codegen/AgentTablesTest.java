package dev.dovetable.testkit.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Logging;
import org.jooq.meta.jaxb.OnError;
import org.jooq.meta.jaxb.Property;
import org.jooq.meta.jaxb.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes out of the configuration that applications have; the examples compile such code. */
class AgentTablesTest {
  private static final Property APPOINTMENTS =
      property("extension.appointments", "src/test/resources/db/appointments");
  private static final Property TYPES = property("scripts", "src/test/resources/db/types.sql");

  @TempDir private Path target;

  @Test
  void generatesAnAgentsTablesAndNothingElse() throws Exception {
    Map<String, String> sources =
        generate(
            new Database()
                .withProperties(
                    APPOINTMENTS,
                    property("extension.notes", "src/test/resources/db/notes"),
                    TYPES));

    assertThat(sources)
        .containsOnlyKeys(
            "Tables.java",
            "Keys.java",
            "enums/AppointmentState.java",
            "tables/Appointments.java",
            "tables/Customers.java",
            "tables/Messages.java",
            "tables/Notes.java",
            "tables/Orders.java",
            "tables/OrdersItems.java",
            "tables/records/AppointmentsRecord.java",
            "tables/records/CustomersRecord.java",
            "tables/records/MessagesRecord.java",
            "tables/records/NotesRecord.java",
            "tables/records/OrdersRecord.java",
            "tables/records/OrdersItemsRecord.java");
    assertThat(sources.get("tables/Appointments.java"))
        .contains("Appointments APPOINTMENTS = new Appointments()")
        .contains("DSL.name(\"{prefix}_appointments\")")
        .contains("TableField<AppointmentsRecord, Instant> STARTS_AT")
        .contains("new UtcTimestampBinding()")
        .contains("TableField<AppointmentsRecord, Instant> MADE_AT")
        .contains("TableField<AppointmentsRecord, AppointmentState> STATE");
    assertThat(sources.get("tables/Customers.java"))
        .contains("TableField<CustomersRecord, String> EMAIL");
    // Neither the schema that it was generated from, nor keys and paths to the template's tables.
    assertThat(sources.values())
        .noneMatch(source -> source.contains("template_") || source.contains("{schema}"))
        .noneMatch(source -> source.contains("TableImpl") && source.contains("getSchema"))
        .noneMatch(source -> source.contains("ForeignKey<") || source.contains("Path"));
  }

  @Test
  void includesNarrowItDown() throws Exception {
    Map<String, String> sources =
        generate(
            new Database().withIncludes(".*_appointments").withProperties(APPOINTMENTS, TYPES));
    assertThat(sources).containsKey("tables/Appointments.java");
    assertThat(sources).doesNotContainKey("tables/Customers.java");
  }

  @Test
  void mistakesAreNamed() {
    fails("The property appointments is unknown", property("appointments", "db"));
    fails("no such folder", property("extension.notes", "no such folder"));
    fails("no-such-file.sql", property("scripts", "no-such-file.sql"));
    fails("appointment_state", APPOINTMENTS);
  }

  @Test
  void languagesThatJooqCannotDoAreRefused() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("tr"));
    try {
      fails("-Duser.language=en", APPOINTMENTS);
    } finally {
      Locale.setDefault(before);
    }
  }

  private void fails(String said, Property property) {
    assertThatThrownBy(() -> generate(new Database().withProperties(property)))
        .hasStackTraceContaining(said);
  }

  private static Property property(String key, String value) {
    return new Property().withKey(key).withValue(value);
  }

  private Map<String, String> generate(Database database) throws Exception {
    GenerationTool.generate(
        new Configuration()
            .withLogging(Logging.WARN)
            .withOnError(OnError.FAIL)
            .withGenerator(
                new Generator()
                    .withName(AgentTablesGenerator.class.getName())
                    .withDatabase(database.withName(AgentTablesDatabase.class.getName()))
                    .withTarget(
                        new Target()
                            .withPackageName("com.example.jooq")
                            .withDirectory(target.toString()))));
    Path root = target.resolve("com/example/jooq");
    Map<String, String> sources = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sources.put(root.relativize(file).toString().replace('\\', '/'), Files.readString(file));
      }
    }
    return sources;
  }
}
