-- The ten largest agents: ten by the pages that the catalogue has noted, which needs no table to be opened, then measured.
-- Parameters: the schema, the prefixes of all agents, and the last parts of the names of their tables.
with
  agent_table as materialized (
    select a.prefix, c.oid, c.relpages + coalesce(t.relpages, 0) as pages
    from (select ?::text as name) as home
    join pg_namespace n on n.nspname = home.name
    cross join unnest(?::text[]) as a (prefix)
    cross join unnest(?::text[]) as s (suffix)
    join pg_class c on c.relnamespace = n.oid and c.relname = format('%s_%s', a.prefix, s.suffix)::name
    left join pg_class t on t.oid = c.reltoastrelid
  ),
  candidate as (
    select prefix from agent_table group by prefix order by sum(pages) desc, prefix limit 10
  )
select prefix, sum(coalesce(pg_total_relation_size(oid), 0))::bigint as bytes
from candidate
join agent_table using (prefix)
group by prefix
order by 2 desc, 1
