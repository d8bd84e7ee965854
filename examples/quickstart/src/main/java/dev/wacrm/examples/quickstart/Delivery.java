package dev.wacrm.examples.quickstart;

import dev.wacrm.examples.quickstart.webhook.WebhookEvent;
import dev.wacrm.examples.quickstart.webhook.WebhookReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/**
 * A file of what the provider sent to a webhook.
 *
 * @param events what it tells
 * @param fault why it can't be read, in one line; there are no events then
 */
record Delivery(String file, List<WebhookEvent> events, Optional<String> fault) {

  private static final String OWN = "/deliveries";

  /** The deliveries that come with the example. */
  static Path ownFolder() {
    URL folder = Objects.requireNonNull(Delivery.class.getResource(OWN), OWN);
    try {
      return Path.of(folder.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads all deliveries of a folder in the order of their names. */
  static List<Delivery> readAll(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new QuickstartException("There is no folder " + folder.toAbsolutePath() + ".");
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      throw new QuickstartException(
          "The folder " + folder + " can't be read: " + e.getMessage(), e);
    }
    if (files.isEmpty()) {
      throw new QuickstartException("The folder " + folder + " holds no .json files.");
    }
    WebhookReader reader = new WebhookReader();
    return files.stream().map(file -> read(file, reader)).toList();
  }

  private static Delivery read(Path file, WebhookReader reader) {
    try {
      List<WebhookEvent> events = reader.read(Files.readString(file));
      return new Delivery(file.getFileName().toString(), events, Optional.empty());
    } catch (JacksonException e) {
      TokenStreamLocation where = e.getLocation();
      String position =
          where == null
              ? ""
              : ", line %d, column %d".formatted(where.getLineNr(), where.getColumnNr());
      return unreadable(file, position + ": not JSON, " + essence(e));
    } catch (CharacterCodingException e) {
      return unreadable(file, ": not UTF-8");
    } catch (IOException e) {
      return unreadable(file, ": " + e.getMessage());
    }
  }

  private static Delivery unreadable(Path file, String fault) {
    return new Delivery(file.getFileName().toString(), List.of(), Optional.of(file + fault));
  }

  /** Jackson adds its own settings, and where an object began, in brackets. */
  private static String essence(JacksonException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("").split(" \\(")[0];
  }
}
