package dev.dovetable.examples.benchmarks.work;

import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;

/**
 * Where an operation works; travels to the JVM that measures it.
 *
 * @param url for the application's login
 * @param superuserUrl for whom row level security doesn't hold back
 * @param prefix an agent
 * @param customers how many it has, with ids from 1 on
 * @param page the page of a timeline that is far back, counted from 1
 * @param connections the size of the pool
 * @param port of the server itself, where the URLs lead through something else; 0 otherwise
 */
public record Subject(
    String url,
    String superuserUrl,
    String prefix,
    int customers,
    int page,
    int connections,
    int port) {

  public static Subject of(BenchmarkDatabase database, String prefix, int customers) {
    return new Subject(database.url(), database.superuserUrl(), prefix, customers, 1, 1, 0);
  }

  public Subject withPage(int number) {
    return new Subject(url, superuserUrl, prefix, customers, number, connections, port);
  }

  public Subject withConnections(int size) {
    return new Subject(url, superuserUrl, prefix, customers, page, size, port);
  }

  /** The same server at another port of this machine. */
  public Subject through(int from, int to) {
    return at(to, from);
  }

  /** Without a detour. */
  public Subject direct() {
    return port == 0 ? this : at(port, 0);
  }

  private Subject at(int to, int serverPort) {
    return new Subject(
        at(url, to), at(superuserUrl, to), prefix, customers, page, connections, serverPort);
  }

  private static String at(String url, int port) {
    String moved = url.replaceFirst(":\\d+/", ":" + port + "/");
    if (moved.equals(url)) {
      throw new IllegalArgumentException("no other port than " + port + " in " + url);
    }
    return moved;
  }
}
