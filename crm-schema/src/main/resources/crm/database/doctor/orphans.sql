-- Tables, sequences and functions that were made for an agent and are no agent's now. They are told by what only the library gives
-- them, never by a name alone. NOT IN, because that is hashed whatever the planner thinks of their number.
-- Parameters: the schema, the private schema, the ids of all agents, their prefixes, and the last parts of the names of
-- their tables.
with
  home as materialized (
    select n.oid, given.private_name
    from (select ?::text as name, ?::text as private_name) as given
    join pg_namespace n on n.nspname = given.name
  ),
  agent as materialized (
    select a.id, a.prefix from unnest(?::bigint[], ?::text[]) as a (id, prefix)
  ),
  agents_own as materialized (
    select format('%s_%s', a.prefix, s.suffix)::name as name
    from agent a
    cross join unnest(?::text[]) as s (suffix)
  ),
  base as materialized (
    select c.oid, c.relowner from home join pg_class c on c.relnamespace = home.oid and c.relname = 'agents'
  ),
  -- The policy of an agent's table asks about one agent.
  by_policy as (
    select c.relname::text as name, substring(pg_get_expr(p.polqual, 0) from 'owns_agent[(]''?(-?[0-9]+)')::bigint as agent_id
    from home
    join pg_class c on c.relnamespace = home.oid and c.relkind in ('r', 'p')
    join pg_policy p on p.polrelid = c.oid and p.polname = (c.relname || '_access')::name
    join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_proc'::regclass
    join pg_proc f on f.oid = d.refobjid and f.proname = 'owns_agent'
    join pg_namespace n on n.oid = f.pronamespace and n.nspname = home.private_name
    where c.relname not in (select o.name from agents_own o)
      and p.polqual::text not like '%{VAR %'
  ),
  -- A customers table holds one agent's rows, and references agents.
  by_key as (
    select c.relname::text as name,
      substring(pg_get_expr(k.conbin, k.conrelid) from '^[(]agent_id = ''?(-?[0-9]+)''?(?:::bigint)?[)]$')::bigint as agent_id
    from base
    join pg_constraint f on f.confrelid = base.oid and f.contype = 'f'
    join pg_class c on c.oid = f.conrelid and right(c.relname, 10) = '_customers'
    join pg_constraint k on k.conrelid = c.oid and k.contype = 'c' and k.conname = (c.relname || '_agent_id_check')::name
    where c.relname not in (select o.name from agents_own o)
  ),
  found as (
    select name, agent_id from by_policy where agent_id is not null
    union
    select name, agent_id from by_key where agent_id is not null
  )
select
  case when a.id is null then 'table' else 'extra table' end as kind,
  coalesce(a.prefix, (
    select left(c.name, -10) from found c where c.agent_id = f.agent_id and right(c.name, 10) = '_customers' limit 1
  )) as prefix,
  f.name,
  f.agent_id
from found f
left join agent a on a.id = f.agent_id and starts_with(f.name, a.prefix || '_')
union all
-- Dropping a table drops its sequence. One that was detached before has only its privileges and its form left.
select 'sequence', null, c.relname::text, null
from home
cross join base
join pg_class c on c.relnamespace = home.oid and c.relkind = 'S' and c.relowner = base.relowner
where c.relname ~ '^[a-z][a-z0-9_]{0,19}_(customers|messages|orders|orders_items)_id_seq$'
  and c.relname not in (select (o.name || '_id_seq')::name from agents_own o)
  and not exists (
    select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')
  )
  and (
    select array_agg(format('%s %s', r.rolname, p.privilege_type) order by r.rolname)
    from aclexplode(c.relacl) p
    join pg_roles r on r.oid = p.grantee
    where p.grantee <> c.relowner
  ) = array['authenticated USAGE', 'service_role USAGE']
union all
-- Its comment says whose it is.
select 'function', null, p.oid::regprocedure::text, m.agent_id
from home
join pg_namespace n on n.nspname = home.private_name
join pg_proc p on p.pronamespace = n.oid
cross join lateral (
  select substring(obj_description(p.oid, 'pg_proc') from '^Function of agent (-?[0-9]+)[.]')::bigint as agent_id
) as m
where m.agent_id is not null and m.agent_id not in (select a.id from agent a)
order by 1, 2, 3
