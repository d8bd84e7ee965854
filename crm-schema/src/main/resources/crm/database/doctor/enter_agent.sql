-- Keeps an agent from being deleted, migrated or repaired by another: the lock of migrate_agent(). Parameters: the time
-- to wait, in milliseconds, and the prefix.
select set_config('lock_timeout', ?::text, true), set_config('statement_timeout', '0', true);
select pg_advisory_xact_lock(hashtextextended('migration of ' || ?::text, 'agents'::regclass::oid::bigint));
