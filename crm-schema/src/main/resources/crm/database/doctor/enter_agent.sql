-- Keeps an agent from being deleted, migrated or repaired by another: the locks of migrate_agent(), in its order.
-- Parameters: the time to wait, in milliseconds, and twice the prefix.
select set_config('lock_timeout', ?, true), set_config('statement_timeout', '0', true);
select pg_advisory_xact_lock_shared(hashtextextended(?, 'agents'::regclass::oid::bigint));
select pg_advisory_xact_lock(hashtextextended('migration of ' || ?, 'agents'::regclass::oid::bigint));
