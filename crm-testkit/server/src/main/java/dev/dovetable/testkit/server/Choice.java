package dev.dovetable.testkit.server;

import dev.dovetable.testkit.server.PostgresServer.Source;
import dev.dovetable.testkit.server.Settings.Value;
import dev.dovetable.testkit.server.internal.DockerProbe;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which server to take, decided from the settings and, if they leave it open, from whether Docker
 * could give one at once.
 *
 * @param reason why this source, for the log
 * @param version the major version asked for
 */
record Choice(Source source, String reason, OptionalInt version, String image) {

  private static final String AUTOMATIC = "auto";

  /** The newest of the official images that the tests were run with. */
  static final String DEFAULT_IMAGE = "postgres:18.4-alpine";

  static final int OLDEST_VERSION = 15;
  static final int NEWEST_VERSION = 18;

  /** Asked only where no setting names the source; takes no longer than three seconds. */
  interface Docker extends Function<String, DockerProbe.Answer> {}

  static Choice of(Settings settings, Docker docker) {
    OptionalInt version = version(settings);
    String image = image(settings, version);
    Optional<Value> source = settings.get(Settings.SOURCE);
    if (source.isPresent() && !source.get().text().equalsIgnoreCase(AUTOMATIC)) {
      return new Choice(parse(source.get()), "chosen by " + source.get().origin(), version, image);
    }
    Optional<Value> url = settings.get(Settings.URL);
    if (url.isPresent()) {
      return new Choice(
          Source.EXTERNAL, "its address is given by " + url.get().origin(), version, image);
    }
    DockerProbe.Answer answer = docker.apply(image);
    return new Choice(
        answer.state() == DockerProbe.State.READY ? Source.TESTCONTAINERS : Source.EMBEDDED,
        answer.reason(),
        version,
        image);
  }

  private static Source parse(Value value) {
    for (Source source : Source.values()) {
      if (name(source).equals(value.text().toLowerCase(Locale.ROOT))) {
        return source;
      }
    }
    throw refused(
        Settings.SOURCE,
        value,
        Arrays.stream(Source.values()).map(Choice::name).collect(Collectors.joining(", "))
            + " or "
            + AUTOMATIC);
  }

  static String name(Source source) {
    return source.name().toLowerCase(Locale.ROOT);
  }

  private static OptionalInt version(Settings settings) {
    Optional<Value> version = settings.get(Settings.VERSION);
    if (version.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!version.get().text().matches("1[5-8]")) {
      throw refused(
          Settings.VERSION,
          version.get(),
          "a major version from %d to %d".formatted(OLDEST_VERSION, NEWEST_VERSION));
    }
    return OptionalInt.of(Integer.parseInt(version.get().text()));
  }

  private static String image(Settings settings, OptionalInt version) {
    Optional<Value> image = settings.get(Settings.IMAGE);
    if (image.isEmpty()) {
      return version.isEmpty() || version.getAsInt() == NEWEST_VERSION
          ? DEFAULT_IMAGE
          : "postgres:%d-alpine".formatted(version.getAsInt());
    }
    if (!isImage(image.get().text())) {
      throw refused(Settings.IMAGE, image.get(), "the name of an image, such as " + DEFAULT_IMAGE);
    }
    return image.get().text();
  }

  static boolean isImage(String name) {
    return name.matches("[a-z0-9][A-Za-z0-9._/:@-]*");
  }

  private static PostgresServerException refused(String setting, Value value, String allowed) {
    return new PostgresServerException(
        "%s '%s', set by %s, is not allowed. Allowed: %s."
            .formatted(setting, value.text(), value.origin(), allowed));
  }
}
