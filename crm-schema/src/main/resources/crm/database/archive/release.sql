-- Ends what seize.sql began. Parameter: the prefix.
select
  pg_catalog.pg_advisory_unlock(pg_catalog.hashtextextended(g.prefix, g.agents)),
  pg_catalog.pg_advisory_unlock(migration_key(g.prefix))
from (select ?::text as prefix, 'agents'::regclass::oid::bigint as agents) as g
