package dev.dovetable.schema.database.functions;

import static dev.dovetable.schema.database.TwoAgents.OTHER;
import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static dev.dovetable.schema.database.TwoAgents.SPARE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.Session;
import dev.dovetable.schema.database.TwoAgents;
import dev.dovetable.schema.fixture.LongForm;
import dev.dovetable.testkit.server.Background;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Members come and go while others read, and while the agent goes. */
@FreshDatabase(value = TwoAgents.class, perMethod = true)
class MembersConcurrencyTest {
  private static final int READERS = 8;
  private static final int ROUNDS = LongForm.orElse(1000, 100);
  private static final long PATIENCE_SECONDS = 60;

  /** Odd while the readers are members, even once they are not; guarded by itself. */
  private static final class Phase {
    private final int[] seenBy = new int[READERS];
    private int number;
    private boolean isOver;

    synchronized int number() {
      return number;
    }

    synchronized boolean isOver() {
      return isOver;
    }

    synchronized void next() {
      number++;
    }

    synchronized void end() {
      isOver = true;
    }

    /** What a reader has read, all of it within one phase, as it should be in that phase. */
    synchronized void seen(int reader, int phase) {
      seenBy[reader] = phase;
      notifyAll();
    }

    synchronized void awaitReaders() throws InterruptedException, TimeoutException {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (!isSeenByAll()) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new TimeoutException("not all readers have seen phase " + number);
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    }

    private boolean isSeenByAll() {
      for (int seen : seenBy) {
        if (seen != number) {
          return false;
        }
      }
      return true;
    }
  }

  @Test
  void nobodyReadsARowAStatementTooLong(PostgresDatabase database) throws Exception {
    Phase phase = new Phase();
    List<CompletableFuture<Void>> readers = new ArrayList<>();
    var login = TwoAgents.login(database);
    try (Session owner = new Session(login)) {
      owner.as(OWNER);
      for (int i = 0; i < READERS; i++) {
        int reader = i;
        readers.add(
            Background.run(
                () -> {
                  try (Session session = new Session(login)) {
                    read(session.as(reader % 2 == 0 ? SPARE : OTHER), reader, phase);
                  }
                }));
      }
      for (int round = 0; round < ROUNDS; round++) {
        for (String call : List.of("add_agent_member", "remove_agent_member")) {
          // Not in one transaction: each member reads from its own statement on.
          boolean isRemoval = call.startsWith("remove");
          if (!isRemoval) {
            phase.next();
          }
          for (var member : List.of(SPARE, OTHER)) {
            assertThat(owner.one("select success from " + call + "(1, ?)", member)).isEqualTo("t");
          }
          if (isRemoval) {
            phase.next();
          }
          phase.awaitReaders();
          for (CompletableFuture<Void> one : readers) {
            assertThat(one).isNotDone();
          }
        }
      }
    } finally {
      phase.end();
    }
    for (CompletableFuture<Void> one : readers) {
      one.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static void read(Session session, int reader, Phase phase) throws SQLException {
    try (PreparedStatement rows =
        session.connection().prepareStatement("select count(*) from alpha_customers")) {
      while (!phase.isOver()) {
        int before = phase.number();
        boolean isMember;
        try (ResultSet result = rows.executeQuery()) {
          result.next();
          isMember = result.getInt(1) > 0;
        }
        if (phase.number() == before) {
          if (before % 2 == 0) {
            assertThat(isMember).as("a statement after the removal").isFalse();
          }
          // In an odd phase, the membership may still be on its way.
          if (isMember == (before % 2 == 1)) {
            phase.seen(reader, before);
          }
        }
      }
    }
  }

  /** There is no foreign key that would keep a member from outliving the agent. */
  @Test
  void whoIsAddedWhileTheAgentGoesIsNotLeftBehind(PostgresDatabase database) throws Exception {
    var login = TwoAgents.login(database);
    try (Session deleting = new Session(login);
        Session adding = new Session(login)) {
      deleting.service().begin();
      assertThat(deleting.one("select success from delete_agent(1)")).isEqualTo("t");
      adding.service();
      int pid = adding.pid();
      CompletableFuture<String> added =
          Background.call(() -> adding.one("select success from add_agent_member(1, ?)", SPARE));
      database.awaitLockWait(wait -> wait.processId() == pid);
      deleting.commit();
      assertThat(added.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("f");
      assertThat(deleting.one("select count(*) from crm_private.agent_members")).isEqualTo("0");
    }
  }
}
