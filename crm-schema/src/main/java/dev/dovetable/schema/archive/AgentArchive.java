package dev.dovetable.schema.archive;

import static java.util.Objects.requireNonNull;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.internal.jdbc.Connections;
import dev.dovetable.schema.internal.settings.Bounds;
import dev.dovetable.schema.internal.settings.Names;
import dev.dovetable.schema.internal.settings.Target;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import javax.sql.DataSource;

/**
 * One agent as a unit: all its rows, those of extensions among them, its ledger, members, numbers
 * and WhatsApp configuration, as one stream in the ZIP format, which becomes an agent again in the
 * same or another database, schema, and PostgreSQL, under the same or another prefix.
 *
 * <pre>{@code
 * AgentArchive archive = AgentArchive.create();
 * archive.export(dataSource, "agt_6f78", file, ExportOptions.DEFAULTS);
 * archive.importAs(elsewhere, "agt_6f78", file, ImportOptions.user(userId));
 * }</pre>
 *
 * <p>The memory that it takes doesn't grow with the agent. It needs PostgreSQL's own driver, and a
 * connection that is a session: no pooler's that changes servers between transactions. Immutable
 * and thread-safe; holds no connection.
 */
public final class AgentArchive {
  private final ArchiveSettings settings;

  private AgentArchive(ArchiveSettings settings) {
    this.settings = settings;
  }

  /**
   * For schema {@code public}, with all settings at their defaults.
   *
   * @return the archive
   */
  public static AgentArchive create() {
    return builder().build();
  }

  /**
   * For other settings.
   *
   * @return a builder with all settings at their defaults
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Writes an agent as it is at one moment, while others go on writing to it. It can't be deleted
   * or migrated meanwhile. Some ten round trips, and one for each table.
   *
   * @param dataSource gives one connection, of the role that installed or of a member of
   *     service_role
   * @param prefix the agent's prefix
   * @param out where to; it is flushed and not closed
   * @param options what is to be in it
   * @return what was written
   * @throws SchemaException if there is no such agent, it can't be archived, the role may not read
   *     it, the stream can't be written, or the database can't be reached; what was written is no
   *     archive then
   */
  public ExportReport export(
      DataSource dataSource, String prefix, OutputStream out, ExportOptions options) {
    return export(dataSource, prefix, out, options, Deflater.BEST_SPEED);
  }

  ExportReport export(
      DataSource dataSource, String prefix, OutputStream out, ExportOptions options, int level) {
    requireNonNull(prefix, "prefix");
    requireNonNull(out, "out");
    requireNonNull(options, "options");
    return Connections.with(
        dataSource,
        "archive agent " + prefix,
        connection -> {
          try {
            return new AgentExport(connection, settings, prefix, options).run(out, level);
          } catch (IOException e) {
            throw new SchemaException(
                Reason.EXPORT_FAILED,
                "The archive of agent " + prefix + " can't be written: " + e.getMessage() + ".",
                "Look whether there is room for it, and try again.",
                e);
          }
        });
  }

  /**
   * Reads an archive to its end and compares it with its checksums, and with its signature if a key
   * was given. Needs no database.
   *
   * @param in the archive; it isn't closed
   * @return what is in it
   * @throws SchemaException if it is damaged, or wasn't signed with the key
   */
  public ArchiveReport check(InputStream in) {
    requireNonNull(in, "in");
    return Reading.of(in, settings, archive -> Reading.report(archive, settings, List.of()));
  }

  /**
   * The same, and tells why it couldn't be imported. As {@link #importAs} it makes the agent, but
   * in a transaction that is rolled back before the rows are read.
   *
   * @param dataSource gives one connection
   * @param prefix the new agent's prefix
   * @param in the archive; it isn't closed
   * @param options whose it would become
   * @return what is in it, and all reasons against importing it
   * @throws SchemaException if it is damaged, or wasn't signed with the key, or the database can't
   *     be reached
   */
  public ArchiveReport check(
      DataSource dataSource, String prefix, InputStream in, ImportOptions options) {
    requireNonNull(prefix, "prefix");
    requireNonNull(in, "in");
    requireNonNull(options, "options");
    return Reading.of(
        in,
        settings,
        archive ->
            Reading.report(
                archive,
                settings,
                Connections.with(
                    dataSource,
                    "look whether an archive can be imported as " + prefix,
                    connection ->
                        new NewAgent(connection, settings, prefix, archive.manifest(), options)
                            .refusals())));
  }

  /**
   * Makes an agent of an archive. What the manifest tells is checked before anything is written;
   * rows, and whether they are those that were archived, while they are read: if something is wrong
   * with them, the new agent is removed again, and nothing else was changed. Ids and times are the
   * archive's. What the agent lacks of extensions, it gets behind its rows. Numbers that another
   * agent has, and members whom there isn't here, are left out and reported.
   *
   * <p>Killed at any moment, it leaves no agent with some of its rows: all of them, or an empty one
   * without a user, which the doctor names and the next import under this prefix removes. While the
   * rows of customers are read and keys are made, which comes last, no agent can be deleted.
   *
   * @param dataSource gives one connection, of the role that installed or a member of it
   * @param prefix the new agent's prefix
   * @param in the archive; it isn't closed
   * @param options whose it becomes
   * @return what was done
   * @throws SchemaException if the archive is damaged or can't be imported, with all reasons; or
   *     the database can't be reached
   */
  public ImportReport importAs(
      DataSource dataSource, String prefix, InputStream in, ImportOptions options) {
    requireNonNull(prefix, "prefix");
    requireNonNull(in, "in");
    requireNonNull(options, "options");
    return Reading.of(
        in,
        settings,
        archive ->
            Connections.with(
                dataSource,
                "import agent " + prefix,
                connection -> {
                  try {
                    return new AgentImport(connection, settings, prefix, archive, options).run();
                  } catch (IOException e) {
                    throw Reading.damaged(e);
                  }
                }));
  }

  /**
   * Makes an agent like another one of the same database, by exporting and importing at once. The
   * numbers stay the other one's.
   *
   * @param dataSource gives two connections, of the role that installed or a member of it
   * @param from the prefix of the agent that there is
   * @param to the prefix of the new one
   * @param exported what of it is to be copied
   * @param imported whose the new one becomes
   * @return what was done
   * @throws SchemaException as {@link #export} and {@link #importAs} do
   */
  public ImportReport copy(
      DataSource dataSource,
      String from,
      String to,
      ExportOptions exported,
      ImportOptions imported) {
    AgentArchive exporter = new AgentArchive(settings.withListener((table, done, total) -> {}));
    return new Pipe(exporter, this).run(dataSource, from, to, exported, imported);
  }

  /** Settings of archives. Not thread-safe; {@link #build()} can be called many times. */
  public static final class Builder {
    /** 64 GiB. */
    private static final long MAX_BYTES = 1L << 36;

    private String schema = Names.DEFAULT_SCHEMA;
    private Optional<byte[]> key = Optional.empty();
    private Duration lockTimeout = Duration.ofSeconds(10);
    private long maxBytes = MAX_BYTES;
    private ArchiveListener listener = (table, done, total) -> {};

    private Builder() {}

    /**
     * The schema that holds the tables; default {@code public}.
     *
     * @param schema a name, unquoted; at most 55 bytes
     * @return this builder
     * @throws IllegalArgumentException if there can be no such schema
     */
    public Builder schema(String schema) {
      this.schema = Names.requireSchema(schema);
      return this;
    }

    /**
     * A secret with which archives are signed (HMAC-SHA-256) and which those that are read must be
     * signed with; default none. Checksums tell damage apart, and not who wrote an archive.
     *
     * @param key at least 16 bytes
     * @return this builder
     * @throws IllegalArgumentException if it is shorter
     */
    public Builder key(byte[] key) {
      if (key.length < 16) {
        throw new IllegalArgumentException("key must be at least 16 bytes");
      }
      this.key = Optional.of(key.clone());
      return this;
    }

    /**
     * How long to wait for a lock of the agent's, or in the queue in which agents are made; default
     * 10 seconds.
     *
     * @param timeout from 1 millisecond to 1 hour
     * @return this builder
     * @throws IllegalArgumentException if it is out of bounds
     */
    public Builder lockTimeout(Duration timeout) {
      this.lockTimeout = Bounds.require("lockTimeout", timeout, Bounds.MILLISECOND, Bounds.HOUR);
      return this;
    }

    /**
     * How many bytes the rows of an archive that is read may be, whatever little room it takes;
     * default 64 GiB.
     *
     * @param bytes more than 0
     * @return this builder
     * @throws IllegalArgumentException if it isn't
     */
    public Builder maxBytes(long bytes) {
      if (bytes <= 0) {
        throw new IllegalArgumentException("maxBytes must be more than 0, not " + bytes);
      }
      this.maxBytes = bytes;
      return this;
    }

    /**
     * Who hears of the progress; default: nobody.
     *
     * @param listener told of each portion
     * @return this builder
     */
    public Builder listener(ArchiveListener listener) {
      this.listener = requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Makes the archive. No database is needed yet.
     *
     * @return an archive with these settings
     */
    public AgentArchive build() {
      return new AgentArchive(
          new ArchiveSettings(Target.of(schema), key, lockTimeout, maxBytes, listener));
    }
  }
}
