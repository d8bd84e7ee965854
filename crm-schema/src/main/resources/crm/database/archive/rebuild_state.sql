-- The function that computes the state of an agent's conversations, if it has an inbox. Parameters: the agent's id, the prefix.
select pg_catalog.format('select %I.%I()', n.nspname, p.proname) as call
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace and n.nspname = current_schema()
cross join (select ?::bigint as id, ?::text as prefix) as given
where p.proname = (given.prefix || '_conversations_rebuild')::name and p.pronargs = 0
  and pg_catalog.starts_with(pg_catalog.obj_description(p.oid, 'pg_proc'), pg_catalog.format('Function of agent %s.', given.id))
