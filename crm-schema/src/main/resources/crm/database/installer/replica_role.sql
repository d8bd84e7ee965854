-- Fails with 42501 for a role that may not set it; the caller's savepoint takes it back either way.
set local session_replication_role = replica;
