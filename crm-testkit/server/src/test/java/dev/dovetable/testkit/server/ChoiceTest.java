package dev.dovetable.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.testkit.server.PostgresServer.Source;
import dev.dovetable.testkit.server.Settings.Place;
import dev.dovetable.testkit.server.internal.DockerProbe.Answer;
import dev.dovetable.testkit.server.internal.DockerProbe.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChoiceTest {

  private static final Answer READY = new Answer(State.READY, "it is there");
  private static final Answer ABSENT = new Answer(State.ABSENT, "it is not there");

  private final List<String> asked = new ArrayList<>();

  @Test
  void withoutSettingsDockerDecides() {
    assertThat(choose(READY))
        .returns(Source.TESTCONTAINERS, Choice::source)
        .returns("it is there", Choice::reason);
    assertThat(choose(ABSENT))
        .returns(Source.EMBEDDED, Choice::source)
        .returns("it is not there", Choice::reason);
    assertThat(asked).containsExactly("postgres:18.4-alpine", "postgres:18.4-alpine");
  }

  @Test
  void dockerIsNotAskedWhereASettingDecides() {
    assertThat(choose(READY, Map.of("crm.testkit.source", "EMBEDDED")).source())
        .isEqualTo(Source.EMBEDDED);
    assertThat(choose(ABSENT, Map.of("crm.testkit.source", "testcontainers")).source())
        .isEqualTo(Source.TESTCONTAINERS);
    assertThat(choose(READY, Map.of("crm.testkit.url", "jdbc:postgresql://x/y")))
        .returns(Source.EXTERNAL, Choice::source)
        .returns("its address is given by place 0: crm.testkit.url", Choice::reason);
    assertThat(asked).isEmpty();
  }

  @Test
  void firstPlaceThatHasASettingDecides() {
    assertThat(
            choose(
                READY,
                Map.of("crm.testkit.source", " "),
                Map.of("crm.testkit.source", "external"),
                Map.of("crm.testkit.source", "embedded")))
        .returns(Source.EXTERNAL, Choice::source)
        .returns("chosen by place 1: crm.testkit.source", Choice::reason);
  }

  @Test
  void autoOverridesALaterPlace() {
    assertThat(
            choose(
                    READY,
                    Map.of("crm.testkit.source", "auto"),
                    Map.of("crm.testkit.source", "embedded"))
                .source())
        .isEqualTo(Source.TESTCONTAINERS);
  }

  @Test
  void versionChoosesTheImageUnlessOneIsNamed() {
    assertThat(choose(READY, Map.of("crm.testkit.version", "15")).image())
        .isEqualTo("postgres:15-alpine");
    assertThat(
            choose(
                    READY,
                    Map.of("crm.testkit.version", "15", "crm.testkit.image", "a.example:5000/pg:9"))
                .image())
        .isEqualTo("a.example:5000/pg:9");
  }

  @Test
  void badValuesNameTheirPlaceAndWhatIsAllowed() {
    assertThatThrownBy(() -> choose(READY, Map.of(), Map.of("crm.testkit.source", "docker")))
        .isInstanceOf(PostgresServerException.class)
        .hasMessageContaining("source 'docker', set by place 1: crm.testkit.source")
        .hasMessageContaining("testcontainers, embedded, external or auto");
    assertThatThrownBy(() -> choose(READY, Map.of("crm.testkit.version", "18.4")))
        .hasMessageContaining("version '18.4', set by place 0")
        .hasMessageContaining("from 15 to 18");
    assertThatThrownBy(() -> choose(READY, Map.of("crm.testkit.image", "a b")))
        .hasMessageContaining("image 'a b', set by place 0");
  }

  @Test
  void placesAreTheBuilderPropertiesTheEnvironmentAndAFile() {
    // The build sets this property; the file lies beside the test's classes.
    assertThat(System.getProperty("crm.testkit.source")).isNotBlank();
    assertThat(Settings.of(Map.of(Settings.SOURCE, "external")).get(Settings.SOURCE))
        .hasValue(new Settings.Value("external", "the builder"));
    assertThat(Settings.of(Map.of()).get(Settings.SOURCE))
        .hasValueSatisfying(
            value ->
                assertThat(value.origin()).isEqualTo("the system property crm.testkit.source"));
    assertThat(Settings.of(Map.of()).get("from-the-file"))
        .hasValueSatisfying(
            value -> {
              assertThat(value.text()).isEqualTo("yes");
              assertThat(value.origin())
                  .startsWith("crm.testkit.from-the-file in file:")
                  .endsWith("/crm-testkit.properties");
            });
    assertThat(Settings.of(Map.of()).get("from.nowhere")).isEmpty();
  }

  @SafeVarargs
  private Choice choose(Answer docker, Map<String, String>... places) {
    List<Place> list = new ArrayList<>();
    for (Map<String, String> place : places) {
      String number = "place " + list.size() + ": ";
      list.add(Settings.place(place::get, name -> number + name));
    }
    return Choice.of(
        new Settings(list),
        image -> {
          asked.add(image);
          return docker;
        });
  }
}
