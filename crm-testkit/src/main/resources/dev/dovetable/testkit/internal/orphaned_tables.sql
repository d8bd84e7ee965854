-- An agent's tables say in their comments, or in their policies, whose they are; a host's own table of such a name does
-- not.
with
  home as (
    select c.relnamespace as oid from pg_class as c where c.oid = 'agents'::regclass
  ),
  suffix as (
    select unnest(array['customers', 'messages', 'orders', 'orders_items']) as name
    union
    select unnest(t.tables) from agent_templates as t
  ),
  carried as (
    select c.oid, c.relname, parts[1] as prefix, policy.agent_id
    from pg_class as c
    join home on home.oid = c.relnamespace
    cross join suffix
    cross join lateral regexp_match(
      c.relname::text, '^([a-z][a-z0-9_]{0,19})_' || suffix.name || '$') as parts
    left join lateral (
      select substring(pg_get_expr(p.polqual, p.polrelid) from 'owns_agent\(''?(-?\d+)')::bigint as agent_id
      from pg_policy as p
      where p.polrelid = c.oid and p.polname = c.relname || '_access'
    ) as policy on true
    where c.relkind in ('r', 'p')
      and parts is not null
      and (policy.agent_id is not null or obj_description(c.oid, 'pg_class') ~ ('\magent ' || parts[1] || '\M'))
  ),
  needed as (
    select a.agent_prefix, a.agent_prefix || '_' || four.suffix as name
    from agents as a
    cross join unnest(array['customers', 'messages', 'orders', 'orders_items']) as four (suffix)
    union
    select a.agent_prefix, a.agent_prefix || '_' || made.suffix
    from agents as a
    join agent_versions as v on v.agent_id = a.id
    join agent_templates as t on t.extension = v.extension and t.version = v.version
    cross join unnest(t.tables) as made (suffix)
    where not exists (
      select from agent_templates as later
      where later.registered > t.registered
        and later.template ~* ('drop\s+table\s+(if\s+exists\s+)?\{' || made.suffix || '\}')
    )
  )
select format('%I: no agent has the prefix %s', carried.relname, carried.prefix)
from carried
where not exists (
  -- Of agt_1_b_notes, the prefix may be agt_1_b, or agt_1 if there is a table b_notes.
  select from agents as a join carried as same on same.oid = carried.oid and same.prefix = a.agent_prefix
)

union all
select format('%I: it was made for the agent %s of that prefix, which now has the id %s', carried.relname,
  carried.agent_id, a.id)
from carried
join agents as a on a.agent_prefix = carried.prefix
where carried.agent_id <> a.id

union all
select format('%I: the agent %s lacks it', needed.name, needed.agent_prefix)
from needed
where to_regclass(quote_ident(needed.name)) is null
order by 1
