-- What this transaction has done so far that is not inside one agent's tables, a line each. Asked before and after a piece
-- of SQL, the difference is what that piece did.
--
-- What is made or changed in the catalogues is known by the transaction that wrote the row: one that is still in progress,
-- and whose row can be seen, is this one or a part of it. What is gone, and what was written or only locked, is known by the
-- locks. An oid below that of the agent's customers table is older than this transaction.
--
-- Parameters: the schema of the agents' tables, and the prefix. To be run with the private schema alone as search_path: in the
-- other one, operators may be anybody's.
with
  home as materialized (
    select n.oid as schema, g.prefix || '_' as beginning, c.oid as first_oid, pg_current_xact_id() as full_id,
      a.oid as agents,
      (select p.oid from pg_namespace p where p.nspname = current_schema()) as private_schema
    from (select ?::name, ?::text) as g (schema, prefix)
    join pg_namespace n on n.nspname = g.schema
    join pg_class c on c.relnamespace = n.oid and c.relname = (g.prefix || '_customers')::name
    join pg_class a on a.relnamespace = n.oid and a.relname = 'agents'
  ),
  own as materialized (
    select c.oid
    from home h
    join pg_class c on c.relnamespace = h.schema and pg_catalog.starts_with(c.relname, h.beginning)
  ),
  entry (class, oid, part, writer) as (
    select 'pg_class'::regclass, c.oid, 0, c.xmin
    from pg_class c
    where c.oid not in (select oid from own) and c.relnamespace <> 'pg_toast'::regnamespace
    union all
    select 'pg_class'::regclass, a.attrelid, a.attnum, a.xmin
    from pg_attribute a
    where a.attacl is not null and a.attrelid not in (select oid from own)
    union all
    select 'pg_type'::regclass, t.oid, 0, t.xmin
    from home h
    cross join pg_type t
    where not (t.typnamespace = h.schema and pg_catalog.starts_with(pg_catalog.ltrim(t.typname, '_'), h.beginning))
    union all
    select 'pg_constraint'::regclass, k.oid, 0, k.xmin
    from pg_constraint k
    where k.conrelid not in (select oid from own)
    union all
    select 'pg_trigger'::regclass, g.oid, 0, g.xmin
    from pg_trigger g
    where g.tgrelid not in (select oid from own)
    union all
    select 'pg_policy'::regclass, p.oid, 0, p.xmin
    from pg_policy p
    where p.polrelid not in (select oid from own)
    union all
    select 'pg_rewrite'::regclass, w.oid, 0, w.xmin
    from pg_rewrite w
    where w.ev_class not in (select oid from own)
    union all
    select 'pg_attrdef'::regclass, d.oid, 0, d.xmin
    from pg_attrdef d
    where d.adrelid not in (select oid from own)
    union all
    select 'pg_statistic_ext'::regclass, s.oid, 0, s.xmin
    from pg_statistic_ext s
    where s.stxrelid not in (select oid from own)
    union all
    select 'pg_proc'::regclass, p.oid, 0, p.xmin
    from home h
    cross join pg_proc p
    where not (p.pronamespace = h.private_schema and pg_catalog.starts_with(p.proname, h.beginning))
    union all
    select 'pg_namespace'::regclass, n.oid, 0, n.xmin
    from pg_namespace n
    union all
    select 'pg_operator'::regclass, o.oid, 0, o.xmin
    from pg_operator o
    union all
    select 'pg_cast'::regclass, c.oid, 0, c.xmin
    from pg_cast c
    union all
    select 'pg_extension'::regclass, e.oid, 0, e.xmin
    from pg_extension e
    union all
    select 'pg_event_trigger'::regclass, e.oid, 0, e.xmin
    from pg_event_trigger e
    union all
    select 'pg_default_acl'::regclass, d.oid, 0, d.xmin
    from pg_default_acl d
    union all
    select 'pg_publication'::regclass, p.oid, 0, p.xmin
    from pg_publication p
    union all
    select 'pg_publication_rel'::regclass, p.oid, 0, p.xmin
    from pg_publication_rel p
    union all
    select 'pg_database'::regclass, d.oid, 0, d.xmin
    from pg_database d
    union all
    select 'pg_auth_members'::regclass, m.roleid, 0, m.xmin
    from pg_auth_members m
    union all
    select 'pg_db_role_setting'::regclass, s.setrole, 0, s.xmin
    from pg_db_role_setting s
    union all
    select 'pg_largeobject_metadata'::regclass, l.oid, 0, l.xmin
    from pg_largeobject_metadata l
  ),
  -- Transactions that began later have younger ids, too; the status tells them apart, unless they are in progress and so
  -- not to be seen. It is asked for these few alone.
  written as (
    select e.class, e.oid, e.part
    from home h
    cross join entry e
    where case when pg_catalog.age(e.writer) <= pg_catalog.age(h.full_id::xid) then
      pg_catalog.pg_xact_status((h.full_id::text::bigint + pg_catalog.age(h.full_id::xid) - pg_catalog.age(e.writer))::text::xid8) = 'in progress'
    end
  ),
  lock as materialized (
    select l.*, h.first_oid, h.agents
    from home h
    join pg_locks l on l.pid = pg_backend_pid() and l.granted
  )
select case
    when class in ('pg_auth_members'::regclass, 'pg_db_role_setting'::regclass) then
      'changes the role ' || oid::regrole
    else 'makes or changes ' || coalesce(pg_catalog.pg_describe_object(class, oid, part), class || ' ' || oid)
  end as effect
from written
union
select case
    when c.oid is null then 'drops a relation that is not the agent''s'
    when l.mode = 'RowShareLock' then 'refers to, or locks rows of, ' || c.oid::regclass
    when l.mode = 'RowExclusiveLock' then 'writes ' || c.oid::regclass
    else 'changes ' || c.oid::regclass
  end
from lock l
left join pg_class c on c.oid = l.relation
where l.locktype = 'relation' and l.mode <> 'AccessShareLock' and l.database <> 0
  and l.relation not in (select oid from own)
  -- As the row of a customer does.
  and (l.mode <> 'RowShareLock' or l.relation <> l.agents)
  and case
    when c.oid is null then l.relation < l.first_oid and l.relation >= 16384
    else c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
      and c.relnamespace not in ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace)
  end
union
select pg_catalog.format('drops or changes something that is not the agent''s (%s %s)', l.classid::regclass, l.objid)
from lock l
where l.locktype = 'object' and l.mode = 'AccessExclusiveLock' and l.objid < l.first_oid
union
select pg_catalog.format('takes the advisory lock %s %s %s', l.classid, l.objid, l.objsubid)
from lock l
where l.locktype = 'advisory'
union
select pg_catalog.format('writes %s rows of %s', s.n_tup_ins + s.n_tup_upd + s.n_tup_del, s.relid::regclass)
from pg_stat_xact_all_tables s
where s.n_tup_ins + s.n_tup_upd + s.n_tup_del > 0
  and s.relid not in (select oid from own)
  and s.schemaname not in ('pg_catalog', 'pg_toast', 'information_schema')
  -- The ledger.
  and s.relid <> pg_catalog.to_regclass('agent_versions')
union
select pg_catalog.format('sets %s to %s', s.name, pg_catalog.quote_literal(s.setting))
from pg_settings s
where s.context in ('user', 'superuser')
union
select pg_catalog.format('prepares the statement %I', p.name)
from pg_prepared_statements p
where p.from_sql
union
select 'sets role to ' || pg_catalog.quote_literal(pg_catalog.current_setting('role'))
order by 1
