package dev.wacrm.examples.benchmarks;

/**
 * Where an operation works; travels to the JVM that measures it.
 *
 * @param url for the application's login
 * @param superuserUrl for whom row level security doesn't hold back
 * @param prefix an agent
 * @param customers how many it has, with ids from 1 on
 * @param page the page of a timeline that is far back, counted from 1
 * @param connections the size of the pool
 */
record Subject(
    String url, String superuserUrl, String prefix, int customers, int page, int connections) {

  static Subject of(BenchmarkDatabase database, String prefix, int customers) {
    return new Subject(database.url(), database.superuserUrl(), prefix, customers, 1, 1);
  }

  Subject withPage(int number) {
    return new Subject(url, superuserUrl, prefix, customers, number, connections);
  }

  Subject withConnections(int size) {
    return new Subject(url, superuserUrl, prefix, customers, page, size);
  }

  /** The same server at another port of this machine. */
  Subject through(int from, int to) {
    return new Subject(
        moved(url, from, to), moved(superuserUrl, from, to), prefix, customers, page, connections);
  }

  private static String moved(String url, int from, int to) {
    String moved = url.replace(":" + from + "/", ":" + to + "/");
    if (moved.equals(url)) {
      throw new IllegalArgumentException("no port " + from + " in " + url);
    }
    return moved;
  }
}
