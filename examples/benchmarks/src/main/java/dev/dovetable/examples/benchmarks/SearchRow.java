package dev.dovetable.examples.benchmarks;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.jooq.tables.Messages;
import dev.dovetable.core.messages.MessageSearch;
import dev.dovetable.examples.benchmarks.report.Figure;
import dev.dovetable.examples.benchmarks.report.Results;
import dev.dovetable.examples.benchmarks.report.Samples;
import dev.dovetable.examples.benchmarks.report.Target;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import dev.dovetable.examples.benchmarks.server.Sql;
import dev.dovetable.schema.migration.AgentMigrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Row 16: messages by their words, under row level security. */
final class SearchRow implements Row {

  private static final String PREFIX = "agt_search";
  private static final int PAGE = 30;
  private static final String SCAN = "reading all by ILIKE";
  private static final String TRIGRAMS = "pg_trgm without row level security";

  @Override
  public List<Integer> numbers() {
    return List.of(16);
  }

  @Override
  public String work() {
    return "searching messages";
  }

  @Override
  public void measure(Bench bench, Results results) throws Exception {
    try (BenchmarkDatabase database = bench.server().database()) {
      int messages = bench.size().count("search.messages");
      TenantScope scope = database.agent(PREFIX, bench.size().count("search.customers"), messages);
      AgentMigrations.of(MessageSearch.extension()).run(database.superuser());
      Sql.run(database.superuser(), Sql.of("create_trigram_index.sql", PREFIX));
      database.settle();
      // Each message has its number.
      measure(bench, results, database, scope, "a rare word", String.valueOf(messages / 2));
      measure(bench, results, database, scope, "no message's word", "tea" + messages);
      measure(bench, results, database, scope, "every message's word", "coffee");
      results.add(
          Figure.of(
              16,
              "index to search by, through the messages' own size",
              sizes(database),
              "×",
              Target.below(0.4, "×")));
    }
  }

  private void measure(
      Bench bench,
      Results results,
      BenchmarkDatabase database,
      TenantScope scope,
      String what,
      String word)
      throws Exception {
    String index = "search(…) of " + what;
    Map<String, Samples.Task> tasks = new LinkedHashMap<>();
    tasks.put(index, () -> Samples.milliseconds(() -> search(scope, word)));
    tasks.put(SCAN, () -> Samples.milliseconds(() -> scan(scope, word)));
    try (Connection superuser = database.superuser().getConnection()) {
      tasks.put(TRIGRAMS, () -> Samples.milliseconds(() -> trigrams(superuser, word)));
      Samples.collect(1, tasks);
      Samples samples = Samples.collect(bench.size().count("search.rounds"), tasks);
      String work = work() + ", " + what;
      boolean isEverywhere = word.equals("coffee");
      results.add(
          Figure.of(
              16,
              work,
              samples,
              index,
              "ms",
              SCAN,
              isEverywhere ? Target.none() : Target.ratioBelow(0.1)));
      results.add(Figure.of(16, work, samples, index, "ms", TRIGRAMS, Target.none()));
    }
  }

  private static Object search(TenantScope scope, String word) {
    return scope.messages().search(word, MessageSearch.everywhere(), PageRequest.first(PAGE));
  }

  private static Object scan(TenantScope scope, String word) {
    Messages message = scope.tables().messages();
    return scope
        .dsl()
        .selectFrom(message)
        .where(message.MESSAGE.containsIgnoreCase(word))
        .orderBy(message.TIMESTAMP.desc(), message.ID.desc())
        .limit(PAGE + 1)
        .fetch();
  }

  private static Object trigrams(Connection superuser, String word) throws SQLException {
    return Sql.text(superuser, Sql.of("search_by_trigrams.sql", PREFIX).replace("{word}", word));
  }

  private static double sizes(BenchmarkDatabase database) throws SQLException {
    try (Connection superuser = database.superuser().getConnection()) {
      return Double.parseDouble(Sql.text(superuser, Sql.of("size_of_search.sql", PREFIX)));
    }
  }
}
