-- A query that gives, for each agent's tables, their name, number of rows and a hash that any write changes.
select
  string_agg(
    format(
      'select %L, count(*), coalesce(bit_xor(hashtextextended(xmin::text || ctid::text, 0)), 0) from only %I',
      t.name, t.name),
    ' union all ')
from agents as a
cross join unnest(array['customers', 'messages', 'orders', 'orders_items']) as suffix
cross join lateral (select a.agent_prefix || '_' || suffix as name) as t
where to_regclass(quote_ident(t.name)) is not null
