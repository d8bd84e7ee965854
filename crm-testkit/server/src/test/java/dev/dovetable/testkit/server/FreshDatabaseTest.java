package dev.dovetable.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

class FreshDatabaseTest {

  /** Names of the databases that the fixture classes below were given. */
  private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

  @BeforeEach
  void forget() {
    SEEN.clear();
  }

  @Test
  void allTestsOfAClassAndItsNestedClassesShareOneDatabase() {
    run(Everywhere.class).assertStatistics(statistics -> statistics.succeeded(3).failed(0));
    assertThat(SEEN).hasSize(1);
  }

  @Test
  void eachClassHasItsOwnDatabase() {
    run(Everywhere.class);
    run(OneInstance.class);
    assertThat(SEEN).hasSize(2);
  }

  @Test
  void databaseIsDroppedAfterTheClass() throws SQLException {
    run(Everywhere.class);
    assertThat(Query.databases(PostgresServer.shared())).doesNotContainAnyElementsOf(SEEN);
  }

  @Test
  void classWithOneInstanceGetsItInTheConstructor() throws SQLException {
    run(OneInstance.class).assertStatistics(statistics -> statistics.succeeded(2).failed(0));
    assertThat(SEEN).hasSize(1);
    assertThat(Query.databases(PostgresServer.shared())).doesNotContainAnyElementsOf(SEEN);
  }

  @Test
  void eachTestHasItsOwnDatabaseOnRequest() throws SQLException {
    run(OnePerTest.class).assertStatistics(statistics -> statistics.succeeded(3).failed(0));
    assertThat(SEEN).hasSize(3);
    assertThat(Query.databases(PostgresServer.shared())).doesNotContainAnyElementsOf(SEEN);
  }

  @Test
  void databaseOfATestIsNotForTheWholeClass() {
    EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(OnePerTestForAll.class))
        .execute()
        .containerEvents()
        .failed()
        .assertThatEvents()
        .hasSize(1)
        .allSatisfy(event -> assertThat(event.toString()).contains("perMethod"));
  }

  @Test
  void flavorIsTheOneAskedFor() {
    run(OnSupabase.class).assertStatistics(statistics -> statistics.succeeded(1).failed(0));
  }

  @Test
  void annotationMayBeComposed() {
    run(Composed.class).assertStatistics(statistics -> statistics.succeeded(1).failed(0));
  }

  private static Events run(Class<?> testClass) {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(testClass))
        .execute()
        .testEvents();
  }

  static class Marked implements DatabasePreparer {
    @Override
    public void prepare(DataSource superuser) throws SQLException {
      Query.column(superuser, "create table mark (name text)");
    }
  }

  @Target(ElementType.TYPE)
  @Retention(RetentionPolicy.RUNTIME)
  @FreshDatabase(Marked.class)
  @interface WithMark {}

  @FreshDatabase
  static class Everywhere {

    Everywhere(PostgresDatabase database) {
      SEEN.add(database.name());
    }

    @BeforeAll
    static void all(PostgresDatabase database) {
      SEEN.add(database.name());
    }

    @BeforeEach
    void each(PostgresDatabase database) {
      SEEN.add(database.name());
    }

    @Test
    void first(PostgresDatabase database) {
      SEEN.add(database.name());
    }

    @Test
    void second() {}

    @Nested
    class Inner {
      @Test
      void third(PostgresDatabase database) {
        SEEN.add(database.name());
      }
    }
  }

  @FreshDatabase
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class OneInstance {

    OneInstance(PostgresDatabase database) {
      SEEN.add(database.name());
    }

    @Test
    void first(PostgresDatabase database) {
      SEEN.add(database.name());
    }

    @Test
    void second(PostgresDatabase database) {
      SEEN.add(database.name());
    }
  }

  @WithMark
  static class Composed {
    @Test
    void isPrepared(PostgresDatabase database) throws SQLException {
      assertThat(Query.column(database.dataSource(), "select count(*) from mark"))
          .isEqualTo(List.of("0"));
    }
  }

  @FreshDatabase(value = Marked.class, perMethod = true)
  static class OnePerTest {

    private final String name;

    OnePerTest(PostgresDatabase database) {
      name = database.name();
      SEEN.add(name);
    }

    @BeforeEach
    void each(PostgresDatabase database) throws SQLException {
      assertThat(database.name()).isEqualTo(name);
      Query.column(database.dataSource(), "insert into mark values ('one')");
    }

    @Test
    void first(PostgresDatabase database) throws SQLException {
      assertThat(Query.column(database.dataSource(), "select name from mark")).hasSize(1);
      SEEN.add(database.name());
    }

    @Test
    void second() {}

    @Nested
    class Inner {
      @Test
      void third(PostgresDatabase database) throws SQLException {
        assertThat(Query.column(database.dataSource(), "select name from mark")).hasSize(1);
        SEEN.add(database.name());
      }
    }
  }

  @FreshDatabase(perMethod = true)
  static class OnePerTestForAll {
    @BeforeAll
    static void all(PostgresDatabase database) {
      SEEN.add(database.name());
    }

    @Test
    void first() {}
  }

  @FreshDatabase(flavor = Flavor.SUPABASE)
  static class OnSupabase {
    @Test
    void hasItsAuthService(PostgresDatabase database) throws SQLException {
      assertThat(Query.column(database.dataSource(), "select count(*) from auth.users"))
          .containsExactly("0");
    }
  }
}
