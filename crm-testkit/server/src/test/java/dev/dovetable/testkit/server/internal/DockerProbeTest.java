package dev.dovetable.testkit.server.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.testkit.server.internal.DockerProbe.Answer;
import dev.dovetable.testkit.server.internal.DockerProbe.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DockerProbeTest {

  @TempDir private Path home;

  @Test
  void engineWithTheImagesIsReady() throws IOException {
    try (Engine engine = new Engine(home.resolve("docker.sock"))) {
      Answer answer = probe(engine.address()).ask(List.of("here:1", "registry.example/also:2"));
      assertThat(answer.state()).isEqualTo(State.READY);
    }
  }

  @Test
  void engineWithoutAnImageSaysWhichOne() throws IOException {
    try (Engine engine = new Engine(home.resolve("docker.sock"))) {
      assertThat(probe(engine.address()).ask(List.of("here:1", "missing:7")))
          .returns(State.ABSENT, Answer::state)
          .satisfies(answer -> assertThat(answer.reason()).contains("missing:7", engine.address()));
    }
  }

  @Test
  void engineOfTestcontainersOwnFileIsFound() throws IOException {
    try (Engine engine = new Engine(home.resolve("docker.sock"))) {
      Files.writeString(
          home.resolve(".testcontainers.properties"), "docker.host=" + engine.address());
      assertThat(new DockerProbe(Map.of(), home).ask(List.of()).state()).isEqualTo(State.READY);
    }
  }

  @Test
  void nobodyListeningIsAbsent() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    assertThat(probe("tcp://localhost:" + port).ask(List.of()))
        .returns(State.ABSENT, Answer::state)
        .satisfies(answer -> assertThat(answer.reason()).contains("localhost:" + port));
    assertThat(probe("unix://" + home.resolve("none.sock")).ask(List.of()).state())
        .isEqualTo(State.ABSENT);
    assertThat(probe("in no way an address").ask(List.of()).state()).isNotEqualTo(State.READY);
  }

  /**
   * The limit is the promise to users, not a matter of speed: silence alone would wait for ever.
   */
  @Test
  @Timeout(30)
  void silentEngineIsAbsent() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      Answer answer = probe("tcp://localhost:" + silent.getLocalPort()).ask(List.of());
      assertThat(answer.state()).isEqualTo(State.ABSENT);
      assertThat(answer.reason()).contains("did not answer");
    }
  }

  @Test
  void somethingElseIsNoEngine() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      Thread thread =
          new Thread(
              () -> {
                try (Socket socket = other.accept()) {
                  socket.getOutputStream().write("220 mail.example ESMTP\r\n".getBytes());
                } catch (IOException e) {
                  // The test fails by itself.
                }
              });
      thread.start();
      assertThat(probe("tcp://localhost:" + other.getLocalPort()).ask(List.of()).state())
          .isEqualTo(State.ABSENT);
      thread.join();
    }
  }

  @Test
  void engineBehindCertificatesIsLeftToTestcontainers() {
    assertThat(
            new DockerProbe(
                    Map.of("DOCKER_HOST", "tcp://localhost:2376", "DOCKER_TLS_VERIFY", "1"), home)
                .ask(List.of())
                .state())
        .isEqualTo(State.UNKNOWN);
    assertThat(probe("ssh://me@build.example").ask(List.of()).state()).isEqualTo(State.UNKNOWN);
  }

  private DockerProbe probe(String host) {
    return new DockerProbe(Map.of("DOCKER_HOST", host), home);
  }

  /** As much of Docker's interface as is asked for, on a socket of its own. */
  private static final class Engine implements AutoCloseable {
    private final Path socket;
    private final ServerSocketChannel server;

    Engine(Path socket) throws IOException {
      this.socket = socket;
      this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket));
      Thread thread = new Thread(this::serve);
      thread.setDaemon(true);
      thread.start();
    }

    String address() {
      return "unix://" + socket;
    }

    private void serve() {
      while (server.isOpen()) {
        try (SocketChannel client = server.accept()) {
          String path =
              new Scanner(Channels.newInputStream(client), StandardCharsets.US_ASCII)
                  .nextLine()
                  .split(" ")[1];
          boolean known =
              List.of("/_ping", "/images/here:1/json", "/images/registry.example/also:2/json")
                  .contains(path);
          String answer = known ? "HTTP/1.0 200 OK\r\n\r\n{}" : "HTTP/1.0 404 Not Found\r\n\r\n";
          client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
          return;
        }
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
