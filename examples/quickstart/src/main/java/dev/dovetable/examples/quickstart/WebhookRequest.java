package dev.dovetable.examples.quickstart;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What the provider sent to a webhook in one request, in a file.
 *
 * @param body the request's body, byte by byte
 * @param signature the request's header {@code X-Hub-Signature-256}
 */
record WebhookRequest(String file, byte[] body, String signature) {

  private static final String OWN = "/bodies";

  /** The callbacks that come with the example. */
  static Path ownFolder() {
    URL folder = Objects.requireNonNull(WebhookRequest.class.getResource(OWN), OWN);
    try {
      return Path.of(folder.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads all bodies of a folder in the order of their names. */
  static List<WebhookRequest> readAll(Path folder) {
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
    return files.stream().map(WebhookRequest::read).toList();
  }

  private static WebhookRequest read(Path file) {
    try {
      byte[] body = Files.readAllBytes(file);
      return new WebhookRequest(file.getFileName().toString(), body, WhatsApp.sign(body));
    } catch (IOException e) {
      throw new QuickstartException("The file " + file + " can't be read: " + e.getMessage(), e);
    }
  }
}
