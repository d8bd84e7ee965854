-- The query that adds up orders of some agents, written here because names are made from prefixes. Each agent is kept from
-- being deleted until the transaction ends; those that are being deleted, and tables that are not as they should be, are
-- left out. Parameters: the ids and prefixes of the agents, and how many of each one's newest orders (a number, or all).
with
  agent as materialized (
    select
      a.id, a.prefix,
      -- As enter_agent() does.
      pg_try_advisory_xact_lock_shared(hashtextextended(a.prefix, 'agents'::regclass::oid::bigint)) as is_kept
    from unnest(?::bigint[], ?::text[]) as a (id, prefix)
  ),
  home as materialized (
    select n.oid, n.nspname
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.oid = 'agents'::regclass
  ),
  tables as materialized (
    select a.prefix, home.nspname, o.oid as orders, i.oid as items, o.relname as orders_name, i.relname as items_name
    from agent a
    cross join home
    join pg_class o on o.relnamespace = home.oid and o.relkind = 'r'
      and o.relname = case when a.is_kept then (a.prefix || '_orders')::name end
    join pg_class i on i.relnamespace = home.oid and i.relkind = 'r' and i.relname = (a.prefix || '_orders_items')::name
    where 2 = (
        select count(*) from pg_attribute t
        where t.attrelid = o.oid and t.attname in ('id', 'total_amount') and not t.attisdropped)
      and 2 = (
        select count(*) from pg_attribute t
        where t.attrelid = i.oid and t.attname in ('order_id', 'total') and not t.attisdropped)
      and has_table_privilege(o.oid, 'select') and has_table_privilege(i.oid, 'select')
  )
select string_agg(
  format(
    '(select %L as prefix, count(*) as orders, min(o.id) as first_id'
    ' from (select id, total_amount from %I.%I order by id desc limit %s) as o'
    ' where o.total_amount is distinct from'
    ' (select coalesce(sum(i.total), 0) from %I.%I as i where i.order_id = o.id)'
    ' having count(*) > 0)',
    t.prefix, t.nspname, t.orders_name, newest.orders, t.nspname, t.items_name),
  ' union all ') as query
from tables t
cross join (select ?::text as orders) as newest
