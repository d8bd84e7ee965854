-- The query that tells of each sequence with which number it goes on and which is the greatest id of its table, written
-- here because names are made from prefixes: of some agents' tables, or without agents of the tables that all of them
-- share. Each agent is kept from being deleted until the transaction ends; those that are being deleted are left out, and
-- so are columns without an index, whose greatest value would take long to find. With an empty search_path. Parameters:
-- the schema, the private schema, the prefixes of the agents, and the last parts of the names of their tables.
with
  given as materialized (
    select ?::text as schema, ?::text as private_schema
  ),
  home as materialized (
    select n.oid, n.nspname, c.oid as agents
    from given
    join pg_namespace n on n.nspname = given.schema
    join pg_class c on c.relnamespace = n.oid and c.relname = 'agents'
  ),
  agent as materialized (
    select
      a.prefix,
      -- As enter_agent() does.
      pg_try_advisory_xact_lock_shared(hashtextextended(a.prefix, home.agents::bigint)) as is_kept
    from home
    cross join unnest(?::text[]) as a (prefix)
  ),
  owner_table as materialized (
    select agent.prefix, c.oid, c.relname, home.nspname
    from agent
    cross join home
    cross join unnest(?::text[]) as s (suffix)
    join pg_class c on c.relnamespace = home.oid and c.relkind = 'r'
      and c.relname = case when agent.is_kept then format('%s_%s', agent.prefix, s.suffix)::name end
    union all
    select null, c.oid, c.relname, n.nspname
    from given
    join pg_namespace n on n.nspname in (given.schema, given.private_schema)
    join pg_class c on c.relnamespace = n.oid and c.relkind = 'r'
    where not exists (select from agent)
      and (n.nspname = given.private_schema or c.relname in ('users', 'agents', 'whatsapp_configuration'))
  ),
  numbered as materialized (
    select
      t.prefix, t.nspname, t.relname, a.attname, sn.nspname as sequence_schema, sc.relname as sequence_name,
      s.seqincrement,
      least(s.seqmax, case a.atttypid
        when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647 else 9223372036854775807
      end) as greatest_possible
    from owner_table t
    join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = t.oid and d.refobjsubid > 0
      and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
    join pg_sequence s on s.seqrelid = d.objid and s.seqincrement > 0 and not s.seqcycle
    join pg_class sc on sc.oid = s.seqrelid
    join pg_namespace sn on sn.oid = sc.relnamespace
    join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
      and a.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
    where has_table_privilege(t.oid, 'select') and has_sequence_privilege(s.seqrelid, 'select')
      and exists (
        select
        from pg_index i
        where i.indrelid = t.oid and i.indisvalid and i.indpred is null and i.indkey[0] = a.attnum
      )
  )
select string_agg(
  format(
    '(select %L as prefix, %L as schema, %L as table_name, %L as column_name, %L as sequence_schema, %L as sequence,'
    ' case when s.is_called then s.last_value else s.last_value - %s end as last_value, %s as greatest_possible,'
    ' coalesce((select max(t.%I) from %I.%I as t), 0) as greatest_id from %I.%I as s)',
    n.prefix, n.nspname, n.relname, n.attname, n.sequence_schema, n.sequence_name, n.seqincrement,
    n.greatest_possible, n.attname, n.nspname, n.relname, n.sequence_schema, n.sequence_name),
  ' union all ') as query
from numbered n
