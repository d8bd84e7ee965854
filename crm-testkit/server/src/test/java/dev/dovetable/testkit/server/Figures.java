package dev.dovetable.testkit.server;

import dev.dovetable.testkit.server.PostgresServer.Source;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import javax.sql.DataSource;

/**
 * Measures what docs/testing.md says about starting servers and making databases. Run it as {@code
 * java -cp <class path of the tests> dev.dovetable.testkit.server.Figures <rounds> <source>
 * [<preparer's class> [<setting>=<value> …]]}; external needs its settings besides.
 */
final class Figures {

  private static final int CLONES = 20;

  private Figures() {}

  public static void main(String[] args) throws Exception {
    int rounds = Integer.parseInt(args[0]);
    Source source = Source.valueOf(args[1].toUpperCase(Locale.ROOT));
    Class<? extends DatabasePreparer> preparer =
        args.length > 2
            ? Class.forName(args[2]).asSubclass(DatabasePreparer.class)
            : FortyTables.class;
    long[] start = new long[rounds];
    long[] first = new long[rounds];
    long[] ready = new long[rounds];
    long[] immediate = new long[rounds];
    long[] drop = new long[rounds];
    for (int round = -1; round < rounds; round++) {
      PostgresServerBuilder builder = PostgresServer.builder().source(source);
      for (int i = 3; i < args.length; i++) {
        String[] setting = args[i].split("=", 2);
        builder.setting(setting[0], setting[1]);
      }
      long begin = System.nanoTime();
      try (PostgresServer server = builder.start()) {
        long started = System.nanoTime();
        server.createDatabase(preparer);
        long cloned = System.nanoTime();
        long[] afterPause = new long[CLONES];
        long[] inARow = new long[CLONES];
        long[] drops = new long[CLONES];
        for (int i = 0; i < CLONES; i++) {
          Thread.sleep(300); // A test's length, in which the next clone is made.
          long asked = System.nanoTime();
          PostgresDatabase database = server.createDatabase(preparer);
          long got = System.nanoTime();
          database.close();
          afterPause[i] = got - asked;
          drops[i] = System.nanoTime() - got;
        }
        for (int i = 0; i < CLONES; i++) {
          long asked = System.nanoTime();
          server.createDatabase(preparer);
          inARow[i] = System.nanoTime() - asked;
        }
        if (round >= 0) { // The first round warms the JVM and the disk's cache.
          start[round] = started - begin;
          first[round] = cloned - started;
          ready[round] = median(afterPause);
          immediate[round] = median(inARow);
          drop[round] = median(drops);
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%s: start %.0f ms, first database %.0f ms, next %.1f ms, at once %.1f ms, drop %.1f ms%n",
        Choice.name(source),
        median(start) / 1e6,
        median(first) / 1e6,
        median(ready) / 1e6,
        median(immediate) / 1e6,
        median(drop) / 1e6);
  }

  private static long median(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** About as much as the CRM with ten agents. */
  static final class FortyTables implements DatabasePreparer {
    @Override
    public void prepare(DataSource superuser) throws SQLException {
      StringBuilder sql = new StringBuilder();
      for (int i = 0; i < 40; i++) {
        sql.append("create table t%1$d (id bigserial primary key, a text unique); ".formatted(i));
      }
      Query.column(superuser, sql.toString());
    }
  }
}
