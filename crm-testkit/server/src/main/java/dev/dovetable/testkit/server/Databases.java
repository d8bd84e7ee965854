package dev.dovetable.testkit.server;

import dev.dovetable.testkit.server.internal.Jvm;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes and drops a server's databases, and the templates that they are cloned from. */
final class Databases {

  private static final Logger log = LoggerFactory.getLogger(Databases.class);

  /** What somebody added to template1 is not for a test. */
  private static final String EMPTY = "create database %I template template0 encoding 'UTF8'";

  /** The roles that a preparer makes are the server's: two at once would collide. */
  private static final long PREPARATION_LOCK = 0x63726d746bL;

  private static final int WAIT_SECONDS = 10;

  private record Key(Flavor flavor, @Nullable DatabasePreparer preparer) {}

  private final Logins logins;
  private final Admin admin;
  private final boolean foreign;
  private final String prefix;
  private final AtomicInteger sequence = new AtomicInteger();
  private final Map<Key, Template> templates = new ConcurrentHashMap<>();
  private final Set<String> existing = ConcurrentHashMap.newKeySet();
  private final ExecutorService background;

  Databases(Logins logins, Backend backend) {
    this.logins = logins;
    this.admin = logins.admin();
    this.foreign = backend.isForeign();
    this.prefix = foreign ? ExternalBackend.PREFIX + Jvm.current() + "_" : "db_";
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "dovetable-testkit-clones");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    this.background = executor;
  }

  String create(Flavor flavor, @Nullable DatabasePreparer preparer) {
    return templates.computeIfAbsent(new Key(flavor, preparer), this::template).take();
  }

  private String created(String kind, String statement, String... arguments) {
    String name = kind + sequence.incrementAndGet();
    String[] all = new String[arguments.length + 1];
    all[0] = name;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    existing.add(name);
    try {
      admin.execute(statement, all);
    } catch (PostgresServerException e) {
      existing.remove(name);
      throw e;
    }
    return name;
  }

  private Template template(Key key) {
    if (key.flavor() == Flavor.PLAIN && key.preparer() == null) {
      return new Template(() -> created(prefix, EMPTY), this::inBackground);
    }
    String name = created(foreign ? prefix : "template_", EMPTY);
    try {
      prepare(key, name);
    } catch (PostgresServerException e) {
      drop(name);
      throw e;
    }
    // A database with sessions can't be cloned, and a pool may close its own late.
    admin.execute("alter database %I with allow_connections false", name);
    admin.execute(
        "select pg_catalog.pg_terminate_backend(pid, 10000)"
            + " from pg_catalog.pg_stat_activity where datname = %L",
        name);
    return new Template(() -> clone(key.flavor(), name), this::inBackground);
  }

  private void inBackground(Runnable task) {
    try {
      background.execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("The server is being closed, no further database is made");
    }
  }

  private String clone(Flavor flavor, String template) {
    if (!flavor.hasOwner()) {
      return created(prefix, "create database %I template %I" + strategy(), template);
    }
    String name =
        created(
            prefix,
            "create database %I template %I owner %I" + strategy(),
            template,
            Flavor.SUPABASE_OWNER);
    // A role's settings in a database aren't cloned with it.
    admin.execute(
        "alter role %I in database %I set search_path to \"$user\", public, extensions",
        Flavor.SUPABASE_OWNER, name);
    return name;
  }

  /**
   * Without fsync, files are copied faster than pages are logged; on a foreign server who knows.
   */
  private String strategy() {
    return foreign ? "" : " strategy file_copy";
  }

  private void prepare(Key key, String database) {
    try (Connection lock = admin.dataSource().getConnection()) {
      if (foreign) {
        Admin.execute(lock, "set lock_timeout = '2min'");
        Admin.execute(lock, "select pg_catalog.pg_advisory_lock(" + PREPARATION_LOCK + ")");
      }
      if (key.flavor().hasOwner()) {
        SupabaseProject.make(logins.administratorOf(database), key.flavor());
      }
      if (key.preparer() != null) {
        run(key.preparer(), key.flavor(), database);
      }
    } catch (SQLException e) {
      throw new PostgresServerException(
          "The database %s can't be prepared: %s".formatted(database, e.getMessage()), e);
    }
  }

  private void run(DatabasePreparer preparer, Flavor flavor, String database) {
    String owner = flavor.hasOwner() ? Flavor.SUPABASE_OWNER : logins.administrator();
    try {
      preparer.prepare(logins.dataSource(owner, database));
    } catch (Exception e) {
      throw new PostgresServerException(
          "%s could not prepare its database: %s".formatted(preparer, e.getMessage()), e);
    }
  }

  void drop(String name) {
    admin.execute("drop database if exists %I with (force)", name);
    existing.remove(name);
  }

  /** Ends the background work, and on a server that goes on drops every database made here. */
  void close() {
    background.shutdown();
    if (!foreign) {
      background.shutdownNow();
      return;
    }
    try {
      if (!background.awaitTermination(WAIT_SECONDS, TimeUnit.SECONDS)) {
        log.warn("The next test database is still being made; a later run will drop it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (String name : Set.copyOf(existing)) {
      drop(name);
    }
  }
}
