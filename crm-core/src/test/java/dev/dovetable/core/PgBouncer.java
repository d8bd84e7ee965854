package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The operating system's PgBouncer in transaction mode, in front of one database. */
final class PgBouncer implements AutoCloseable {
  /** Where Debian's package puts it. */
  private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

  /** It refuses to run as root. */
  private static final String OTHER_USER = "nobody";

  private final Path directory;
  private final int port;
  private final Process process;

  PgBouncer(int serverPort, String database, String login, int serverConnections)
      throws IOException, InterruptedException {
    assertThat(PROGRAM).as("PgBouncer; run: apt-get install pgbouncer").isExecutable();
    directory = Files.createTempDirectory("pgbouncer");
    // Its other user has to read the file and to write the log.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    port = freePort();
    Path settings = directory.resolve("pgbouncer.ini");
    Files.writeString(
        settings,
        """
        [databases]
        %1$s = host=127.0.0.1 port=%2$d dbname=%1$s user=%3$s

        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %4$d
        unix_socket_dir =
        auth_type = any
        pool_mode = transaction
        default_pool_size = %5$d
        max_db_connections = %5$d
        max_client_conn = 100
        ignore_startup_parameters = extra_float_digits
        """
            .formatted(database, serverPort, login, port, serverConnections));
    Files.setPosixFilePermissions(settings, PosixFilePermissions.fromString("rw-r--r--"));
    List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("-u", OTHER_USER));
    }
    command.add(settings.toString());
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("pgbouncer.log").toFile())
            .start();
    awaitPort();
  }

  int port() {
    return port;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    process
        .onExit()
        .completeOnTimeout(process, 10, TimeUnit.SECONDS)
        .thenAccept(Process::destroyForcibly)
        .join();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void awaitPort() throws IOException, InterruptedException {
    for (int attempt = 0; attempt < 200; attempt++) {
      try (Socket answered = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(answered.isConnected()).isTrue();
        return;
      } catch (IOException e) {
        if (!process.isAlive()) {
          break;
        }
        Thread.sleep(50);
      }
    }
    String log = Files.readString(directory.resolve("pgbouncer.log"));
    close();
    throw new AssertionError("PgBouncer didn't start: " + log);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
