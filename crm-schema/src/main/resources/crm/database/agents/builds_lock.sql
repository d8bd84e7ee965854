-- Without waiting in the database: whoever builds an index waits for all who have a snapshot, this statement among them. In the
-- private schema. Parameter: the prefix.
select case
    when not pg_catalog.pg_try_advisory_lock(build_key()) then false
    when pg_catalog.pg_try_advisory_lock(migration_key(g.prefix)) then true
    else not pg_catalog.pg_advisory_unlock(build_key())
  end as is_locked
from (select ?::text as prefix) as g
