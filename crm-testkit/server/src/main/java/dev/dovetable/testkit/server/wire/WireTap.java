package dev.dovetable.testkit.server.wire;

import static java.util.Objects.requireNonNull;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands between a PostgreSQL driver and its server, passes everything on unchanged, and tells what
 * it sees: the statements, the values bound to them, and how often the client had to wait. The
 * login is not counted.
 *
 * <p>A round trip is what ends with Sync, or a simple query. A BEGIN is none, because pgjdbc sends
 * the transaction's first statement behind it without waiting.
 *
 * <p>Thread-safe. A listener hears of a message before the server does, so what a client has an
 * answer to was told.
 */
public final class WireTap implements AutoCloseable {

  private static final int SSL_REQUEST = 80877103;
  private static final int GSS_REQUEST = 80877104;
  private static final int BUFFER = 64 * 1024;

  private final ServerSocket listening;
  private final String host;
  private final int port;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  /** What a tap tells. Called by the threads of the connections; must be quick and not throw. */
  public interface Listener {

    /** A client begins to wait for the server. */
    default void roundTrip() {}

    /**
     * A statement is about to run.
     *
     * @param sql its text as the driver has sent it, with {@code $1} where values are bound
     * @param values the bound values that were sent as text, others left out
     */
    default void statement(String sql, List<String> values) {}
  }

  private WireTap(ServerSocket listening, String host, int port) {
    this.listening = listening;
    this.host = host;
    this.port = port;
  }

  /**
   * Opens a tap on a free port of this machine.
   *
   * @param host the server's name or address
   * @param port the server's port
   * @return a tap that the caller closes
   * @throws UncheckedIOException if no port can be opened
   */
  public static WireTap open(String host, int port) {
    requireNonNull(host, "host");
    try {
      WireTap tap =
          new WireTap(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), host, port);
      daemon("accept", tap::accept);
      return tap;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Where clients connect to, on localhost. Encryption is declined.
   *
   * @return a TCP port
   */
  public int port() {
    return listening.getLocalPort();
  }

  /**
   * Has a listener told of everything from now on.
   *
   * @param listener whom to tell
   */
  public void add(Listener listener) {
    listeners.add(requireNonNull(listener, "listener"));
  }

  /**
   * Tells a listener nothing more.
   *
   * @param listener one that was added; another one is ignored
   */
  public void remove(Listener listener) {
    listeners.remove(requireNonNull(listener, "listener"));
  }

  /** Ends all connections and frees the port; again: does nothing. */
  @Override
  public void close() {
    closed = true;
    closeQuietly(listening);
    sockets.forEach(WireTap::closeQuietly);
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listening.accept();
      daemon("from-client", () -> connect(client));
    }
  }

  private void connect(Socket client) throws IOException {
    sockets.add(client);
    try (client;
        Socket server = new Socket(host, port)) {
      sockets.add(server);
      // One may be accepted while the port is being closed, and be missed by close().
      if (closed) {
        return;
      }
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      daemon(
          "from-server",
          () -> {
            try (client;
                server) {
              copy(server.getInputStream(), client.getOutputStream());
            }
          });
      listen(client, server);
    } finally {
      sockets.remove(client);
      sockets.removeIf(Socket::isClosed);
    }
  }

  private void listen(Socket client, Socket server) throws IOException {
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(client.getInputStream(), BUFFER));
    DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(server.getOutputStream(), BUFFER));
    byte[] start = readBody(in);
    while (start.length == Integer.BYTES && isEncryptionRequest(start)) {
      client.getOutputStream().write('N');
      client.getOutputStream().flush();
      start = readBody(in);
    }
    writeBody(start, out);
    out.flush();
    FrontendMessages messages = new FrontendMessages(listeners);
    for (int type = in.read(); type >= 0; type = in.read()) {
      byte[] body = readBody(in);
      messages.see(type, body);
      out.write(type);
      writeBody(body, out);
      if (in.available() == 0) {
        out.flush();
      }
    }
    out.flush();
  }

  private static boolean isEncryptionRequest(byte[] start) {
    int code = ByteBuffer.wrap(start).getInt();
    return code == SSL_REQUEST || code == GSS_REQUEST;
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
      to.write(buffer, 0, read);
      to.flush();
    }
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
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // It is closed, or about to be.
    }
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
            "wire-tap-" + name);
    thread.setDaemon(true);
    thread.start();
  }
}
