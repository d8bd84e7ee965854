package dev.dovetable.schema.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.database.SqlFiles;
import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.install.InstallReport.Outcome;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ConcurrentInstallTest {
  private static final int INSTALLERS = 8;

  @Test
  void oneInstallsAndTheOthersFindItDone() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      List<Outcome> outcomes =
          atOnce(
              Collections.nCopies(
                  INSTALLERS, () -> CrmSchema.create().install(database.superuser()).outcome()));

      assertThat(outcomes).containsOnlyOnce(Outcome.INSTALLED).hasSize(INSTALLERS);
      assertThat(Collections.frequency(outcomes, Outcome.ALREADY_CURRENT))
          .isEqualTo(INSTALLERS - 1);
      assertThat(database.string("select count(*) from crm_private.schema_history"))
          .isEqualTo(String.valueOf(SqlFiles.SCHEMA.size()));
    }
  }

  @Test
  void schemasOfOneDatabaseTakeTurns() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      List<Callable<Outcome>> installers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        CrmSchema schema = CrmSchema.builder().schema("crm" + i).build();
        installers.add(() -> schema.install(database.superuser()).outcome());
      }

      assertThat(atOnce(installers)).hasSize(4).containsOnly(Outcome.INSTALLED);
    }
  }

  /** Roles belong to the server: all four create them, or find them being created. */
  @Test
  void databasesOfANewServerShareTheRoles() throws Exception {
    try (PostgresServer server = PostgresServer.builder().start()) {
      List<TestDatabase> databases = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        databases.add(new TestDatabase(server.createDatabase()));
      }
      List<Callable<Outcome>> installers = new ArrayList<>();
      for (TestDatabase database : databases) {
        installers.add(() -> CrmSchema.create().install(database.superuser()).outcome());
      }

      assertThat(atOnce(installers)).hasSize(4).containsOnly(Outcome.INSTALLED);
      assertThat(
              databases
                  .get(0)
                  .strings(
                      "select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role')"))
          .hasSize(3);
    }
  }

  @Test
  void waitsNoLongerThanAllowed() throws Exception {
    try (TestDatabase database = TestDatabase.create();
        Connection other = database.superuser().getConnection()) {
      other.setAutoCommit(false);
      CrmSchema.create().install(other);
      CrmSchema impatient = CrmSchema.builder().lockTimeout(Duration.ofMillis(50)).build();

      assertThatThrownBy(() -> impatient.install(database.superuser()))
          .isInstanceOfSatisfying(
              SchemaException.class,
              e -> {
                assertThat(e.reason()).isEqualTo(Reason.LOCKED);
                assertThat(e.problem()).contains("Another installer", "PT0.05S");
                assertThat(e.remedy()).contains("lockTimeout");
              });

      other.rollback();
      assertThat(impatient.install(database.superuser()).outcome()).isEqualTo(Outcome.INSTALLED);
    }
  }

  private static <T> List<T> atOnce(List<? extends Callable<T>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<T>> futures = new ArrayList<>();
      for (Callable<T> task : tasks) {
        futures.add(
            threads.submit(
                () -> {
                  start.await();
                  return task.call();
                }));
      }
      start.countDown();
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
