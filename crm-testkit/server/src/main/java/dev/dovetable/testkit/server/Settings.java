package dev.dovetable.testkit.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the user has set, and where: the first of several places that has a setting decides. */
final class Settings {

  static final String SOURCE = "source";
  static final String VERSION = "version";
  static final String IMAGE = "image";
  static final String DIRECTORY = "directory";
  static final String URL = "url";
  static final String USER = "user";
  static final String PASSWORD = "password";

  private static final String PREFIX = "crm.testkit.";
  private static final String FILE = "crm-testkit.properties";

  /** A setting and a description of its place, fit to follow the word "by". */
  record Value(String text, String origin) {}

  /** Looks a setting up by its full name; null or blank where it isn't set. */
  interface Place {
    @Nullable String get(String name);

    String describe(String name);
  }

  private final List<Place> places;

  Settings(List<Place> places) {
    this.places = List.copyOf(places);
  }

  /** What the builder was told, system properties, the environment, the file: in this order. */
  static Settings of(Map<String, String> builder) {
    return new Settings(
        List.of(
            place(name -> builder.get(name.substring(PREFIX.length())), name -> "the builder"),
            place(System::getProperty, name -> "the system property " + name),
            place(
                name -> System.getenv(variable(name)),
                name -> "the environment variable " + variable(name)),
            file()));
  }

  Optional<Value> get(String setting) {
    String name = PREFIX + setting;
    for (Place place : places) {
      String text = place.get(name);
      if (text != null && !text.isBlank()) {
        return Optional.of(new Value(text.strip(), place.describe(name)));
      }
    }
    return Optional.empty();
  }

  static Place place(NullableLookup lookup, UnaryOperator<String> description) {
    return new Place() {
      @Override
      public @Nullable String get(String name) {
        return lookup.get(name);
      }

      @Override
      public String describe(String name) {
        return description.apply(name);
      }
    };
  }

  /** A function whose answer may be null. */
  interface NullableLookup {
    @Nullable String get(String name);
  }

  private static String variable(String name) {
    return name.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  private static Place file() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader loader = context == null ? Settings.class.getClassLoader() : context;
    URL file = loader.getResource(FILE);
    Properties properties = new Properties();
    if (file != null) {
      try (InputStream in = file.openStream()) {
        properties.load(in);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return place(properties::getProperty, name -> name + " in " + (file == null ? FILE : file));
  }
}
