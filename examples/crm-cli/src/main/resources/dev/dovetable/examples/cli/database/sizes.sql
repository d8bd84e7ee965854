-- Bytes on disk and estimated rows of every agent's tables, those of extensions among them.
-- {0} is the table agents, {1} the private table agent_templates, {2} the schema's name.
with suffixes as (
  select unnest(array['customers', 'messages', 'orders', 'orders_items']) as suffix
  union
  select unnest(tables) from {1}
),
sizes as (
  select
    a.agent_prefix,
    s.suffix,
    -- Null for a table that was dropped meanwhile.
    coalesce(pg_total_relation_size(c.oid), 0) as bytes,
    -- -1 as long as nobody has counted.
    nullif(c.reltuples, -1)::bigint as rows
  from {0} as a
  cross join suffixes as s
  join pg_class as c
    on c.relname = (a.agent_prefix || '_' || s.suffix)::name
    and c.relnamespace = (select oid from pg_namespace where nspname = {2})
)
select
  agent_prefix as prefix,
  sum(bytes)::bigint as bytes,
  (sum(rows) filter (where suffix = 'customers'))::bigint as customers,
  (sum(rows) filter (where suffix = 'messages'))::bigint as messages,
  (sum(rows) filter (where suffix = 'orders'))::bigint as orders
from sizes
group by agent_prefix
order by bytes desc, agent_prefix
