package dev.dovetable.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.examples.benchmarks.server.DelayProxy;
import dev.dovetable.testkit.server.Background;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DelayProxyTest {

  private static final Duration ROUND_TRIP = Duration.ofMillis(20);

  @Test
  void holdsEveryByteBackAndChangesNone() throws Exception {
    byte[] sent = new byte[300_000];
    new Random(7).nextBytes(sent);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> echoing = Background.run(() -> echo(server));
      try (DelayProxy proxy = DelayProxy.open("localhost", server.getLocalPort(), ROUND_TRIP);
          Socket client = new Socket("localhost", proxy.port())) {
        long begin = System.nanoTime();
        client.getOutputStream().write(sent);
        client.shutdownOutput();
        byte[] received = new byte[sent.length];
        new DataInputStream(client.getInputStream()).readFully(received);

        // Never earlier; how much later is the machine's.
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(ROUND_TRIP.toNanos());
        assertThat(received).isEqualTo(sent);
      }
      echoing.join();
    }
  }

  private static void echo(ServerSocket server) throws IOException {
    try (Socket socket = server.accept()) {
      socket.getInputStream().transferTo(socket.getOutputStream());
    }
  }
}
