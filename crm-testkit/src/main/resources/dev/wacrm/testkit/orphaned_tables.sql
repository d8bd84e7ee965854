-- An agent's tables say in their comments whose they are; a host's own table of such a name does not.
with
  carried as (
    select c.oid, c.relname, parts[1] as prefix
    from pg_class as c
    cross join lateral regexp_match(
      c.relname::text, '^([a-z][a-z0-9_]{0,19})_(customers|messages|orders|orders_items)$') as parts
    where c.relnamespace = (select n.oid from pg_namespace as n where n.nspname = current_schema())
      and c.relkind in ('r', 'p')
      and obj_description(c.oid, 'pg_class') ~ ('\magent ' || parts[1] || '\M')
  )
select format('%I: no agent has the prefix %s', carried.relname, carried.prefix)
from carried
where not exists (select from agents as a where a.agent_prefix = carried.prefix)

union all
select format('%I: it was made for the agent %s of that prefix, which now has the id %s', carried.relname,
  substring(pg_get_constraintdef(k.oid) from '\d+'), a.id)
from carried
join pg_constraint as k on k.conrelid = carried.oid and k.conname = carried.relname || '_agent_id_check'
join agents as a on a.agent_prefix = carried.prefix
where substring(pg_get_constraintdef(k.oid) from '\d+') <> a.id::text

union all
select format('%I: the agent %s lacks it', a.agent_prefix || '_' || suffix, a.agent_prefix)
from agents as a
cross join unnest(array['customers', 'messages', 'orders', 'orders_items']) as suffix
where to_regclass(quote_ident(a.agent_prefix || '_' || suffix)) is null
order by 1
