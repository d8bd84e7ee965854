-- Ends what keep.sql began, or as much of it as there is. Parameter: the prefix.
select
  pg_catalog.pg_advisory_unlock_shared(pg_catalog.hashtextextended(g.prefix, g.agents)),
  pg_catalog.pg_advisory_unlock_shared(pg_catalog.hashtextextended('migration of ' || g.prefix, g.agents))
from (select ?::text as prefix, 'agents'::regclass::oid::bigint as agents) as g
