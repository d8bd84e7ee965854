-- Why an agent can't be archived as it is; no row if it can. As whoever reads it. Parameter: the prefix.
with
  agent as materialized (
    select a.id, a.agent_prefix::text as prefix from agents a where a.agent_prefix::text = ?
  ),
  home as materialized (
    select c.relnamespace as oid from pg_class c where c.oid = 'agents'::regclass
  ),
  owned as materialized (
    select s.suffix, c.oid, c.relname, c.relkind
    from agent a
    cross join home
    cross join lateral (
      select pg_catalog.unnest(array['customers', 'messages', 'orders', 'orders_items']) as suffix
      union
      select pg_catalog.unnest(t.tables)
      from agent_versions v
      join agent_templates t on t.extension = v.extension and t.version = v.version
      where v.agent_id = a.id
    ) as s
    left join pg_class c on c.relnamespace = home.oid and c.relname = (a.prefix || '_' || s.suffix)::name
  )
select pg_catalog.format('table %s is missing', o.suffix) as reason
from owned o
where o.oid is null and o.suffix in ('customers', 'messages', 'orders', 'orders_items')
union all
select pg_catalog.format('table %s is partitioned, inherits, or is no table', o.suffix)
from owned o
where o.relkind <> 'r'
  or exists (select from pg_inherits i where i.inhrelid = o.oid or i.inhparent = o.oid)
union all
select pg_catalog.format('role %s may not read table %s', current_user, o.suffix)
from owned o
where not pg_catalog.has_table_privilege(o.oid, 'select')
union all
select
  case v.extension
    when '(import)' then 'its own import was cut off, or is under way'
    else pg_catalog.format('its ledger has version %s of extension %s, which is not registered', v.version, v.extension)
  end
from agent a
join agent_versions v on v.agent_id = a.id
where not exists (select from agent_templates t where t.extension = v.extension and t.version = v.version)
union all
select pg_catalog.format('it lacks version %s of the library''s own changes: migrate it first', t.version)
from agent a
join agent_templates t on t.extension = 'crm'
where not exists (
  select from agent_versions v where v.agent_id = a.id and v.extension = t.extension and v.version = t.version
)
order by 1
