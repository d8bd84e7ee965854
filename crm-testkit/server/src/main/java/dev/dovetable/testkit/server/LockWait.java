package dev.dovetable.testkit.server;

import java.time.Instant;

/**
 * A session that waits for a lock which another one holds, as {@link
 * PostgresDatabase#awaitLockWait()} found it. Immutable.
 *
 * @param processId the backend's process id: {@code pg_terminate_backend} takes it
 * @param lock what is waited for, in PostgreSQL's words: {@code relation}, {@code advisory}, {@code
 *     transactionid} …
 * @param transactionStart when the session's transaction began: of one process, another one tells
 *     another attempt
 * @param statement the statement that waits, as its client has sent it
 */
public record LockWait(int processId, String lock, Instant transactionStart, String statement) {}
