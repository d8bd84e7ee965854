package dev.dovetable.examples.benchmarks.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands between a client and a server of this machine and holds every byte back for half of a
 * round trip in each direction, as a network would: what is sent meanwhile isn't held up by what is
 * on its way.
 */
public final class DelayProxy implements AutoCloseable {

  private static final int BUFFER = 64 * 1024;

  private record Chunk(long due, byte[] bytes) {}

  private final ServerSocket listening;
  private final String host;
  private final int port;
  private final long delay;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private DelayProxy(ServerSocket listening, String host, int port, Duration roundTrip) {
    this.listening = listening;
    this.host = host;
    this.port = port;
    this.delay = roundTrip.toNanos() / 2;
  }

  public static DelayProxy open(String host, int port, Duration roundTrip) {
    try {
      ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      DelayProxy proxy = new DelayProxy(listening, host, port, roundTrip);
      daemon(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listening.getLocalPort();
  }

  @Override
  public void close() {
    closeQuietly(listening);
    sockets.forEach(DelayProxy::closeQuietly);
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listening.accept();
      Socket server = new Socket(host, port);
      for (Socket socket : new Socket[] {client, server}) {
        socket.setTcpNoDelay(true);
        sockets.add(socket);
      }
      AtomicInteger directions = new AtomicInteger(2);
      pass(client, server, directions);
      pass(server, client, directions);
    }
  }

  private void pass(Socket from, Socket to, AtomicInteger directions) {
    BlockingQueue<Chunk> underWay = new LinkedBlockingQueue<>();
    daemon(() -> receive(from, underWay));
    daemon(
        () -> {
          try {
            deliver(underWay, to);
          } finally {
            if (directions.decrementAndGet() == 0) {
              close(from);
              close(to);
            }
          }
        });
  }

  private void close(Socket socket) {
    sockets.remove(socket);
    closeQuietly(socket);
  }

  /** The end of the stream travels as an empty chunk. */
  private void receive(Socket from, BlockingQueue<Chunk> underWay) throws IOException {
    InputStream in = from.getInputStream();
    byte[] buffer = new byte[BUFFER];
    int read;
    do {
      try {
        read = in.read(buffer);
      } catch (IOException e) {
        read = -1; // The other direction has closed the socket.
      }
      underWay.add(new Chunk(System.nanoTime() + delay, Arrays.copyOf(buffer, Math.max(read, 0))));
    } while (read >= 0);
  }

  private void deliver(BlockingQueue<Chunk> underWay, Socket to) throws IOException {
    OutputStream out = to.getOutputStream();
    for (Chunk chunk = take(underWay); chunk.bytes().length > 0; chunk = take(underWay)) {
      for (long left = chunk.due() - System.nanoTime();
          left > 0;
          left = chunk.due() - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      out.write(chunk.bytes());
    }
    to.shutdownOutput();
  }

  private static Chunk take(BlockingQueue<Chunk> underWay) throws IOException {
    try {
      return underWay.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void daemon(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // A socket was closed: by its client, its server, or close().
              }
            },
            "delay-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // It is closed, or about to be.
    }
  }
}
