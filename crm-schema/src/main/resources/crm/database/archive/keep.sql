-- Keeps an agent from being deleted and migrated, for the session: a lock that is waited for behind the snapshot comes too late.
-- Parameters: how long to wait, in milliseconds, and the prefix.
select pg_catalog.set_config('lock_timeout', ?::text, true);
select
  pg_catalog.pg_advisory_lock_shared(pg_catalog.hashtextextended(g.prefix, g.agents)),
  pg_catalog.pg_advisory_lock_shared(pg_catalog.hashtextextended('migration of ' || g.prefix, g.agents))
from (select ?::text as prefix, 'agents'::regclass::oid::bigint as agents) as g
