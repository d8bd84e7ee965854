-- A query that gives, for each table of each agent, its name, whose it is, its number of rows and a hash that any write
-- changes.
select
  string_agg(
    format(
      'select %L, %L, count(*), coalesce(bit_xor(hashtextextended(xmin::text || ctid::text, 0)), 0) from only %I',
      t.name, a.agent_prefix, t.name),
    ' union all ')
from agents as a
cross join lateral (
  select unnest(array['customers', 'messages', 'orders', 'orders_items'])
  union
  select unnest(t.tables)
  from agent_versions as v
  join agent_templates as t on t.extension = v.extension and t.version = v.version
  where v.agent_id = a.id
) as made (suffix)
cross join lateral (select a.agent_prefix || '_' || made.suffix as name) as t
where to_regclass(quote_ident(t.name)) is not null
