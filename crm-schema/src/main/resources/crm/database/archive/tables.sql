-- The tables of an agent that its ledger's versions have made, with the columns that an archive has of them. Parameters: the
-- prefix, the agent's id, and the names of the tables that there may be.
select s.suffix, c.oid::text as oid, pg_catalog.format('%I.%I', n.nspname, c.relname) as name,
  array(
    select pg_catalog.format('%s %s', a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod))
    from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      and not (s.suffix = 'customers' and a.attname = 'agent_id')
    order by a.attnum
  ) as columns,
  array(
    select pg_catalog.quote_ident(a.attname)
    from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      and not (s.suffix = 'customers' and a.attname = 'agent_id')
    order by a.attnum
  ) as quoted,
  c.relkind = 'r' and not exists (select from pg_inherits i where i.inhrelid = c.oid or i.inhparent = c.oid) as is_plain,
  pg_catalog.pg_table_size(c.oid) as bytes
from (select ?::text as prefix) as given
cross join pg_catalog.unnest(?::text[]) as s (suffix)
join pg_class c on c.relname = (given.prefix || '_' || s.suffix)::name
  and c.relnamespace = (select h.relnamespace from pg_class h where h.oid = 'agents'::regclass)
join pg_namespace n on n.oid = c.relnamespace
order by s.suffix = 'customers', s.suffix
