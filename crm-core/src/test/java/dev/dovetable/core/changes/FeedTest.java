package dev.dovetable.core.changes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.BeforeAll;

/** Agents whose tables are watched, those for webhooks included. */
abstract class FeedTest extends DatabaseTest {

  @BeforeAll
  static void watch() {
    register(ChangeFeed.extension(), Webhooks.extension());
  }

  static void register(AgentExtension... extensions) {
    assertThat(
            AgentMigrations.builder(extensions)
                .schema(Installed.SCHEMA)
                .build()
                .run(database.dataSource())
                .failures())
        .isEmpty();
  }

  static ChangeFeed all() {
    return crm.asService().changes();
  }

  /** All that has come since, and where that ends. */
  static ChangeCursor drain(ChangeFeed feed, ChangeCursor from, Consumer<Change> each) {
    ChangeCursor cursor = from;
    boolean hasMore = true;
    while (hasMore) {
      ChangePage page = feed.read(cursor, 7);
      page.changes().forEach(each);
      cursor = page.next();
      hasMore = page.hasMore();
    }
    return cursor;
  }

  static List<Change> since(ChangeFeed feed, ChangeCursor from) {
    List<Change> all = new ArrayList<>();
    drain(feed, from, all::add);
    return all;
  }

  static void asSuperuser(String sql) {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The first column, as the superuser sees it. */
  static List<String> superuser(String sql) {
    try (Connection connection = database.dataSource().getConnection()) {
      return DSL.using(connection, SQLDialect.POSTGRES).resultQuery(sql).fetch(0, String.class);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for a condition, for as long as a busy machine may take. */
  static void await(String what, BooleanSupplier condition) {
    Instant end = Instant.now().plus(Duration.ofSeconds(60));
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as(what).isBefore(end);
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
