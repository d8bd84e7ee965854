package dev.wacrm.core;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between pgjdbc and the server and counts the messages of the wire protocol after which the
 * client waits: Sync, and simple Query. A BEGIN is none of them, because pgjdbc sends the
 * transaction's first statement behind it without waiting. Passes everything on unchanged. The
 * log-in is not counted.
 */
final class RoundTrips implements AutoCloseable {
  private static final int SYNC = 'S';
  private static final int SIMPLE_QUERY = 'Q';
  private static final byte[] BEGIN = "BEGIN\0".getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket listener;
  private final int serverPort;
  private final AtomicInteger counted = new AtomicInteger();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  RoundTrips(int serverPort) throws IOException {
    this.serverPort = serverPort;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon("accept", this::accept);
  }

  /** Where clients connect to. */
  int port() {
    return listener.getLocalPort();
  }

  /** How often a client had to wait since this was last asked. */
  int take() {
    return counted.getAndSet(0);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listener.accept();
      Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      sockets.add(client);
      sockets.add(server);
      daemon("from-server", () -> copy(server.getInputStream(), client.getOutputStream()));
      daemon("from-client", () -> count(client.getInputStream(), server.getOutputStream()));
    }
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
      to.write(buffer, 0, read);
      to.flush();
    }
    to.close();
  }

  private void count(InputStream from, OutputStream to) throws IOException {
    DataInputStream in = new DataInputStream(from);
    DataOutputStream out = new DataOutputStream(to);
    // The start-up message has no type. Clients are to ask neither for TLS nor for GSS before it.
    writeBody(readBody(in), out);
    for (int type = in.read(); type >= 0; type = in.read()) {
      byte[] body = readBody(in);
      if (type == SYNC || (type == SIMPLE_QUERY && !Arrays.equals(body, BEGIN))) {
        counted.incrementAndGet();
      }
      out.write(type);
      writeBody(body, out);
    }
    out.close();
  }

  /** Behind a length, which counts itself. */
  private static byte[] readBody(DataInputStream in) throws IOException {
    byte[] body = new byte[in.readInt() - Integer.BYTES];
    in.readFully(body);
    return body;
  }

  private static void writeBody(byte[] body, DataOutputStream out) throws IOException {
    out.writeInt(body.length + Integer.BYTES);
    out.write(body);
    out.flush();
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void daemon(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // One side has closed its socket; the other side's thread ends the same way.
              }
            },
            "round-trips-" + name);
    thread.setDaemon(true);
    thread.start();
  }
}
