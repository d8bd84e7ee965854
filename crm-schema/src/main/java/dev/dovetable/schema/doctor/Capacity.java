package dev.dovetable.schema.doctor;

import java.util.List;

/**
 * How large an installation is, against what the server allows. Immutable and thread-safe.
 *
 * @param agents rows of {@code agents}
 * @param relations tables, indexes, sequences and all else in {@code pg_class}
 * @param catalogBytes size of the catalogues that grow with every agent, indexes included
 * @param largest the ten largest agents, the largest first
 * @param lockSlots how many locks the server has room for: {@code max_locks_per_transaction} times
 *     {@code max_connections} and {@code max_prepared_transactions}. All transactions share them
 * @param locksToDeleteAgent how many locks {@code delete_agent} takes: some hundred where the
 *     functions' owner may set {@code session_replication_role}, else five for each agent more
 * @param locksToDump how many locks {@code pg_dump} takes: one for each table and each sequence
 * @param bytesPerConnection what the server's process of one connection will hold in its catalogue
 *     cache once it has touched every table of every agent: 27 kB a table
 */
public record Capacity(
    long agents,
    long relations,
    long catalogBytes,
    List<AgentBytes> largest,
    long lockSlots,
    long locksToDeleteAgent,
    long locksToDump,
    long bytesPerConnection) {

  /**
   * {@code pg_dump} or {@code delete_agent} needing more than this share of {@link #lockSlots} is a
   * finding of code {@link Finding.Code#CAPACITY_LOCKS}.
   */
  public static final double LOCK_SHARE_LIMIT = 0.8;

  /** More {@link #bytesPerConnection} are a finding of code {@code CAPACITY_MEMORY}: 512 MiB. */
  public static final long BYTES_PER_CONNECTION_LIMIT = 512L * 1024 * 1024;

  /** More callbacks kept because they led nowhere are a finding of code {@code WEBHOOKS_KEPT}. */
  public static final long KEPT_WEBHOOKS_LIMIT = 10_000;

  /**
   * The size of one agent.
   *
   * @param prefix the agent's prefix
   * @param bytes its tables on disk, with indexes and long values
   */
  public record AgentBytes(String prefix, long bytes) {}

  /**
   * Copies the list.
   *
   * @param agents rows of agents
   * @param relations all relations
   * @param catalogBytes size of the catalogues
   * @param largest the largest agents
   * @param lockSlots room for locks
   * @param locksToDeleteAgent locks of delete_agent
   * @param locksToDump locks of pg_dump
   * @param bytesPerConnection cache of one connection
   */
  public Capacity {
    largest = List.copyOf(largest);
  }
}
