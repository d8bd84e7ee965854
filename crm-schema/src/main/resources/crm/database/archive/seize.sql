-- For the session, and never waited for: nobody uses, migrates or deletes the agent while it is imported. Parameter: the prefix.
select case
    when not pg_catalog.pg_try_advisory_lock(pg_catalog.hashtextextended(g.prefix, g.agents)) then false
    when pg_catalog.pg_try_advisory_lock(migration_key(g.prefix)) then true
    else not pg_catalog.pg_advisory_unlock(pg_catalog.hashtextextended(g.prefix, g.agents))
  end as is_seized
from (select ?::text as prefix, 'agents'::regclass::oid::bigint as agents) as g
