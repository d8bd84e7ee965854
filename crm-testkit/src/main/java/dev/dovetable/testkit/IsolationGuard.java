package dev.dovetable.testkit;

import dev.dovetable.testkit.internal.AppDataSource;
import dev.dovetable.testkit.internal.Fingerprints;
import dev.dovetable.testkit.internal.Fingerprints.Fingerprint;
import dev.dovetable.testkit.internal.Sessions;
import dev.dovetable.testkit.server.wire.WireTap;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds what the code between begin and end has left behind in one database. Thread-safe. */
final class IsolationGuard implements WireTap.Listener, AutoCloseable {
  /** Ahead of each statement of a scope, so that a kept scope is seen, too. */
  private static final Pattern ENTERED = Pattern.compile("enter_agent\"?\\('([a-z0-9_]+)'");

  private final CrmDatabase database;
  private final AppDataSource connections;
  private final Set<String> touched = ConcurrentHashMap.newKeySet();

  /** Whether anything may have been written since the tables were last looked at. */
  private volatile boolean active = true;

  private @Nullable Connection superuser;

  private final SortedSet<String> names = new TreeSet<>();
  private int open;
  private Map<String, Fingerprint> before = Map.of();

  IsolationGuard(CrmDatabase database, AppDataSource connections) {
    this.database = database;
    this.connections = connections;
  }

  @Override
  public void statement(String sql, List<String> values) {
    active = true;
    if (sql.contains("enter_agent")) {
      Matcher matcher = ENTERED.matcher(sql);
      while (matcher.find()) {
        touched.add(matcher.group(1));
      }
    }
  }

  /** Somebody may write past the tap. */
  void expectWrites() {
    active = true;
  }

  /** What the kit itself does to an agent, on connections of its own. */
  void touch(String prefix) {
    active = true;
    touched.add(prefix);
  }

  synchronized void begin(String name) throws SQLException {
    if (open == 0) {
      if (active) {
        before = Fingerprints.read(superuser());
      }
      touched.clear();
      names.clear();
    }
    names.add(name);
    open++;
  }

  synchronized void end(String name) throws SQLException {
    open--;
    if (open > 0) {
      return;
    }
    List<String> findings = new ArrayList<>();
    List<Throwable> traces = new ArrayList<>();
    connections(findings, traces);
    Sessions.endTransactions(superuser(), findings);
    active = false;
    Map<String, Fingerprint> after = Fingerprints.read(superuser());
    tables(after, findings);
    before = after;
    if (!findings.isEmpty()) {
      AssertionError error =
          new AssertionError(
              String.join(", ", names) + " left behind:\n  " + String.join("\n  ", findings));
      traces.forEach(error::addSuppressed);
      throw error;
    }
  }

  @Override
  public synchronized void close() {
    try {
      if (superuser != null) {
        superuser.close();
      }
    } catch (SQLException e) {
      // The session ends with the database.
    }
  }

  /** Kept, because a login takes longer than what is asked. */
  private Connection superuser() throws SQLException {
    if (superuser == null || !superuser.isValid(1)) {
      superuser = database.superuser().getConnection();
      database.usePath(superuser);
    }
    return superuser;
  }

  private void connections(List<String> findings, List<Throwable> traces) throws SQLException {
    for (AppDataSource.Taken taken : connections.takeOpen()) {
      findings.add("a connection that is still open, " + taken.getMessage());
      traces.add(taken);
    }
    for (AppDataSource.Taken taken : connections.takeGivenBackInTransaction()) {
      findings.add(
          "a connection that was closed in the middle of a transaction, " + taken.getMessage());
      traces.add(taken);
    }
    for (Connection connection : connections.takeIdle()) {
      List<String> found = Sessions.foreignState(connection);
      findings.addAll(found);
      if (found.isEmpty()) {
        connections.giveBackIdle(connection);
      } else {
        connection.close();
      }
    }
  }

  private void tables(Map<String, Fingerprint> after, List<String> findings) {
    before.forEach(
        (table, was) -> {
          Fingerprint is = after.get(table);
          if (!touched.contains(was.prefix()) && !was.equals(is)) {
            findings.add(
                "changes in %s, although no scope of agent %s was used: %s"
                    .formatted(
                        table,
                        was.prefix(),
                        is == null ? "the table is gone" : was.differenceTo(is)));
          }
        });
  }
}
