-- Every agent, which versions of extensions its ledger claims, and whether that is all. Short, because it locks agents.
select
  a.id,
  a.agent_prefix,
  coalesce(present.state, '') as state,
  (
    select string_agg(t.extension || ' ' || t.version, ', ' order by t.registered)
    from agent_templates t
    where t.registered <> all (coalesce(present.registered, '{}'))
  ) as missing,
  -- No fresh agent is like one from before a change of the library's own. One without tables is from no time at all.
  exists (
    select from agent_templates t where t.extension = 'crm' and t.registered <> all (coalesce(present.registered, '{}'))
  )
  and exists (
    select
    from pg_class home
    cross join unnest(array['customers', 'messages', 'orders', 'orders_items']) as own (suffix)
    join pg_class c on c.relnamespace = home.relnamespace and c.relname = (a.agent_prefix || '_' || own.suffix)::name
    where home.oid = 'agents'::regclass
  ) as is_of_older_release
from agents a
left join (
  select
    v.agent_id,
    array_agg(t.registered) as registered,
    string_agg(t.registered::text, ',' order by t.registered) as state
  from agent_versions v
  join agent_templates t on t.extension = v.extension and t.version = v.version
  group by v.agent_id
) as present on present.agent_id = a.id
order by a.id
