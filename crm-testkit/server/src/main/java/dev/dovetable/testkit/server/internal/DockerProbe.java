package dev.dovetable.testkit.server.internal;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a Docker engine whether it is there and which images it has, in bounded time and without
 * pulling any: Testcontainers itself would try for minutes.
 */
public final class DockerProbe {

  private static final Duration LIMIT = Duration.ofMillis(2500);

  public enum State {
    /** A container could start at once. */
    READY,
    /** It couldn't. */
    ABSENT,
    /** Only Testcontainers can tell: certificates or keys are needed. */
    UNKNOWN
  }

  /**
   * What was found out.
   *
   * @param reason why it is so
   */
  public record Answer(State state, String reason) {}

  private final Map<String, String> environment;
  private final Path home;

  public DockerProbe() {
    this(System.getenv(), Path.of(System.getProperty("user.home", "/")));
  }

  DockerProbe(Map<String, String> environment, Path home) {
    this.environment = environment;
    this.home = home;
  }

  /** Whether an engine answers that has all these images. */
  public Answer ask(List<String> images) {
    Optional<URI> engine = engine();
    if (engine.isEmpty()) {
      return new Answer(State.ABSENT, "there is no Docker engine here");
    }
    URI address = engine.get();
    if (environment.containsKey("DOCKER_TLS_VERIFY")
        || !List.of("unix", "tcp", "http", "npipe").contains(address.getScheme())) {
      return new Answer(
          State.UNKNOWN,
          "the Docker engine at %s can't be asked without its certificates or keys"
              .formatted(address));
    }
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    Thread thread =
        new Thread(() -> answer.complete(ask(address, images)), "dovetable-docker-probe");
    thread.setDaemon(true);
    thread.start();
    try {
      return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return new Answer(
          State.ABSENT,
          "the Docker engine at %s did not answer within %d ms"
              .formatted(address, LIMIT.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(State.ABSENT, "the question to Docker was interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Has the engine pull an image that needs no login, once.
   *
   * @return what went wrong
   */
  public Optional<String> pull(String image) {
    URI address = engine().orElseThrow();
    String request =
        "POST /images/create?fromImage=%s HTTP/1.0\r\nHost: docker\r\nContent-Length: 0\r\n\r\n";
    try (Connection connection = connect(address)) {
      connection.out().write(request.formatted(image).getBytes(StandardCharsets.US_ASCII));
      connection.out().flush();
      String answer = new String(connection.in().readAllBytes(), StandardCharsets.UTF_8).strip();
      // The answer is a list of steps, of which the last one says how it ended.
      return get(address, "/images/" + image + "/json")
          ? Optional.empty()
          : Optional.of(answer.substring(answer.lastIndexOf('\n') + 1));
    } catch (IOException e) {
      return Optional.of(e.toString());
    }
  }

  private static Answer ask(URI engine, List<String> images) {
    try {
      if (!get(engine, "/_ping")) {
        return new Answer(State.ABSENT, "what answers at " + engine + " is no Docker engine");
      }
      for (String image : images) {
        if (!get(engine, "/images/" + image + "/json")) {
          return new Answer(
              State.ABSENT,
              "the Docker engine at %s lacks the image %s (docker pull %s)"
                  .formatted(engine, image, image));
        }
      }
      return new Answer(State.READY, "the Docker engine at %s has the image".formatted(engine));
    } catch (IOException | RuntimeException e) {
      return new Answer(
          State.ABSENT, "no Docker engine answers at %s: %s".formatted(engine, e.getMessage()));
    }
  }

  /** Where Testcontainers would look, in its order. */
  private Optional<URI> engine() {
    for (String configured : configured()) {
      try {
        return Optional.of(URI.create(configured));
      } catch (IllegalArgumentException e) {
        return Optional.of(URI.create("unknown:/"));
      }
    }
    if (System.getProperty("os.name", "").startsWith("Windows")) {
      return Optional.of(URI.create("npipe:////./pipe/docker_engine"));
    }
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "/nowhere");
    return List.of(
            Path.of("/var/run/docker.sock"),
            Path.of(runtime, "docker.sock"),
            home.resolve(".docker/run/docker.sock"),
            home.resolve(".docker/desktop/docker.sock"))
        .stream()
        .filter(Files::exists)
        .findFirst()
        .map(socket -> URI.create("unix://" + socket));
  }

  private List<String> configured() {
    List<String> found = new ArrayList<>();
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(home.resolve(".testcontainers.properties"))) {
      properties.load(in);
    } catch (IOException e) {
      // Most homes have none.
    }
    for (@Nullable String host :
        new @Nullable String[] {
          properties.getProperty("tc.host"),
          environment.get("DOCKER_HOST"),
          properties.getProperty("docker.host")
        }) {
      if (host != null && !host.isBlank()) {
        found.add(host.strip());
      }
    }
    return found;
  }

  private static boolean get(URI engine, String path) throws IOException {
    String request = "GET %s HTTP/1.0\r\nHost: docker\r\n\r\n".formatted(path);
    try (Connection connection = connect(engine)) {
      connection.out().write(request.getBytes(StandardCharsets.US_ASCII));
      connection.out().flush();
      byte[] status = connection.in().readNBytes(12);
      return new String(status, StandardCharsets.US_ASCII).matches("HTTP/1\\.[01] 200");
    }
  }

  private record Connection(InputStream in, OutputStream out, Closeable whole)
      implements Closeable {
    @Override
    public void close() throws IOException {
      whole.close();
    }
  }

  @SuppressWarnings("resource") // The connection closes what it is made of.
  private static Connection connect(URI engine) throws IOException {
    switch (engine.getScheme()) {
      case "unix" -> {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(engine.getPath()));
        return new Connection(
            Channels.newInputStream(channel), Channels.newOutputStream(channel), channel);
      }
      case "npipe" -> {
        RandomAccessFile pipe = new RandomAccessFile(engine.getPath().replace('/', '\\'), "rw");
        return new Connection(
            Channels.newInputStream(pipe.getChannel()),
            Channels.newOutputStream(pipe.getChannel()),
            pipe);
      }
      default -> {
        Socket socket = new Socket();
        int port = engine.getPort() < 0 ? 2375 : engine.getPort();
        socket.connect(new InetSocketAddress(engine.getHost(), port), (int) LIMIT.toMillis());
        return new Connection(socket.getInputStream(), socket.getOutputStream(), socket);
      }
    }
  }
}
