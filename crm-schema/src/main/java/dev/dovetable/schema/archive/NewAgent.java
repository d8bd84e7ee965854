package dev.dovetable.schema.archive;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.internal.agents.TrialAgent;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.Retry;
import dev.dovetable.schema.internal.jdbc.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The agent that an archive becomes, before it has rows: without a user, and with an entry in its
 * ledger that says so to the doctor and the next import. Nobody uses it meanwhile, because the
 * session has its locks. Not thread-safe, like its connection.
 */
final class NewAgent {
  /** The entry's name, which no extension can have. */
  private static final String MARK = "(import)";

  private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(30);

  private final Connection connection;
  private final ArchiveSettings settings;
  private final String prefix;
  private final Manifest manifest;
  private final ImportOptions options;

  NewAgent(
      Connection connection,
      ArchiveSettings settings,
      String prefix,
      Manifest manifest,
      ImportOptions options) {
    this.connection = connection;
    this.settings = settings;
    this.prefix = prefix;
    this.manifest = manifest;
    this.options = options;
  }

  /**
   * What was made.
   *
   * @param size how large its tables are
   */
  record Made(long id, Obstacles obstacles, Map<String, AgentTable> tables, long size) {}

  /** Why it can't be made; nothing stays. */
  List<String> refusals() throws SQLException {
    Transaction transaction = begin();
    try {
      return make(new ArrayList<>()).refusals();
    } finally {
      transaction.close(); // without being complete: rolled back
    }
  }

  /**
   * Makes it, or throws with all reasons; then its locks are this session's until {@link #release}.
   */
  Made make() throws SQLException {
    removeUnfinished();
    try (Transaction transaction = begin()) {
      TrialAgent.usePath(connection, settings.target());
      if (isOwner()) {
        seize();
      }
      List<Made> made = new ArrayList<>();
      Obstacles obstacles = make(made);
      if (!obstacles.refusals().isEmpty()) {
        throw refused(obstacles.refusals());
      }
      transaction.complete();
      return made.get(0);
    }
  }

  private SchemaException refused(List<String> reasons) {
    return new SchemaException(
        Reason.ARCHIVE_REFUSED,
        "The archive of agent %s can't be imported as %s: %s."
            .formatted(manifest.prefix(), prefix, String.join("; ", reasons)),
        "Nothing was changed; mend that and try again.");
  }

  private Transaction begin() throws SQLException {
    return Transaction.begin(connection, settings.target().privateSchema(), false);
  }

  private Obstacles make(List<Made> made) throws SQLException {
    TrialAgent.usePath(connection, settings.target());
    if (isOwner()) {
      TrialAgent.enter(connection, settings.lockTimeout());
    }
    Obstacles obstacles = Obstacles.of(connection, manifest, prefix, options);
    if (!obstacles.refusals().isEmpty()) {
      return obstacles;
    }
    long id = Jdbc.querySingle(connection, Sql.read("next_id.sql"), row -> row.getLong("id"));
    mark(id, new Manifest.Version(MARK, 1, Signatures.sha256(new byte[0])));
    for (Manifest.Version version : obstacles.missing()) {
      mark(id, version);
    }
    Jdbc.run(
        connection,
        Sql.read("make.sql"),
        Long.toString(id),
        prefix,
        manifest.createdAt(),
        options.createdBy().toString());
    Map<String, AgentTable> tables = AgentTable.read(connection, prefix, obstacles.suffixes());
    made.add(new Made(id, obstacles, tables, size(tables)));
    return new Obstacles(
        differences(tables), obstacles.missing(), obstacles.suffixes(), obstacles.namingAgents());
  }

  private boolean isOwner() throws SQLException {
    return Jdbc.querySingle(
        connection, Sql.read("is_owner.sql"), row -> row.getBoolean("is_owner"));
  }

  private void mark(long id, Manifest.Version version) throws SQLException {
    Jdbc.run(
        connection,
        Sql.read("mark.sql"),
        Long.toString(id),
        version.extension(),
        Long.toString(version.version()),
        version.checksum());
  }

  long size(Map<String, AgentTable> tables) throws SQLException {
    return Jdbc.querySingle(
        connection,
        Sql.read("size.sql"),
        row -> row.getLong("bytes"),
        AgentTable.oids(tables.values()));
  }

  /** Between the archive's tables and those that its versions make here. */
  private List<String> differences(Map<String, AgentTable> tables) {
    List<String> differences = new ArrayList<>();
    Set<String> absent = new TreeSet<>(tables.keySet());
    for (Manifest.Table archived : manifest.tables()) {
      AgentTable table = tables.get(archived.suffix());
      absent.remove(archived.suffix());
      if (table == null) {
        differences.add("its versions leave no table " + archived.suffix() + " here");
      } else if (!table.isPlain()) {
        differences.add("table " + archived.suffix() + " is partitioned here");
      } else if (!new HashSet<>(table.columns()).equals(new HashSet<>(archived.labels()))
          || table.columns().size() != archived.columns().size()) {
        differences.add("table " + archived.suffix() + " has other columns here");
      }
    }
    // Without messages, what refers to them is left out, too.
    if (manifest.hasMessages() || absent.contains("customers")) {
      absent.forEach(suffix -> differences.add("table " + suffix + " is missing in it"));
    }
    return differences;
  }

  private void seize() throws SQLException {
    TrialAgent.enter(connection, settings.lockTimeout());
    boolean isSeized =
        Jdbc.querySingle(
            connection, Sql.read("seize.sql"), row -> row.getBoolean("is_seized"), prefix);
    if (!isSeized) {
      throw new SchemaException(
          Reason.LOCKED,
          "Somebody else imports, migrates or uses an agent " + prefix + ".",
          "Nothing was changed; try again when that has ended.");
    }
  }

  /** What is left where an import was killed: no row, so nothing is lost. */
  private void removeUnfinished() throws SQLException {
    List<Long> ids;
    try (Transaction transaction = begin()) {
      TrialAgent.usePath(connection, settings.target());
      ids =
          isOwner()
              ? Jdbc.query(connection, Sql.read("unfinished.sql"), row -> row.getLong("id"), prefix)
              : List.of();
      transaction.complete();
    }
    for (long id : ids) {
      remove(id);
    }
  }

  /** Takes an agent back that has no rows. */
  void remove(long id) throws SQLException {
    Retry.onConflict(
        GIVE_UP_AFTER,
        () -> {
          try (Transaction transaction = begin()) {
            TrialAgent.usePath(connection, settings.target());
            Jdbc.run(connection, Sql.read("remove.sql"), Long.toString(id));
            transaction.complete();
            return true;
          }
        });
  }

  void release() throws SQLException {
    try (Transaction transaction = begin()) {
      TrialAgent.usePath(connection, settings.target());
      if (isOwner()) {
        Jdbc.run(connection, Sql.read("release.sql"), prefix);
      }
      transaction.complete();
    }
  }
}
