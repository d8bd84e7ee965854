-- What this transaction has done so far that is not inside one agent's tables, a line each. Asked before and after a piece
-- of SQL, the difference is what that piece did.
--
-- What is made or changed in the catalogues is known by the transaction that wrote the row: one that is still in progress,
-- and whose row can be seen, is this one or a part of it; what it wrote before it last wrote the agent's ledger is left out.
-- Of thousands of agents the catalogues have a million rows, so only those are read that were written since, as the server
-- counts: it tells that in a row without an effect, for the next time. What is gone, and what was written or only locked, is
-- known by the locks. An oid below that of the agent's customers table is older than this transaction.
--
-- Parameters: the schema of the agents' tables, the prefix, the id, and what was counted before: '' reads all catalogues that
-- this transaction has written, none reads none. To be run with the private schema alone as search_path: in the other one, operators
-- may be anybody's.
with
  home as materialized (
    select n.oid as schema, g.prefix || '_' as beginning, c.oid as first_oid, pg_current_xact_id() as full_id,
      coalesce(
        (select pg_catalog.min(pg_catalog.age(v.xmin)) from agent_versions v where v.agent_id = g.id),
        pg_catalog.age(pg_current_xact_id()::xid)
      ) as age,
      a.oid as agents,
      (select p.oid from pg_namespace p where p.nspname = current_schema()) as private_schema
    from (select ?::name, ?::text, ?::bigint) as g (schema, prefix, id)
    join pg_namespace n on n.nspname = g.schema
    join pg_class c on c.relnamespace = n.oid and c.relname = (g.prefix || '_customers')::name
    join pg_class a on a.relnamespace = n.oid and a.relname = 'agents'
  ),
  -- By the index: behind the underscore comes the backtick.
  own as materialized (
    select c.oid
    from home h
    join pg_class c on c.relnamespace = h.schema
      and c.relname >= h.beginning::name and c.relname < (pg_catalog.rtrim(h.beginning, '_') || '`')::name
  ),
  -- Rights on a column change its row; new columns have none.
  counted as materialized (
    select c.class, pg_catalog.format('%s %s', c.class::oid,
      pg_catalog.pg_stat_get_xact_tuples_updated(c.class::oid) + pg_catalog.pg_stat_get_xact_tuples_deleted(c.class::oid)
        + case when c.class <> 'pg_attribute'::regclass then pg_catalog.pg_stat_get_xact_tuples_inserted(c.class::oid) else 0 end
      ) as writes
    from pg_catalog.unnest(array[
      'pg_class', 'pg_attribute', 'pg_type', 'pg_constraint', 'pg_trigger', 'pg_policy', 'pg_rewrite', 'pg_attrdef',
      'pg_statistic_ext', 'pg_proc', 'pg_namespace', 'pg_operator', 'pg_cast', 'pg_extension', 'pg_event_trigger',
      'pg_default_acl', 'pg_publication', 'pg_publication_rel', 'pg_database', 'pg_auth_members', 'pg_db_role_setting',
      'pg_largeobject_metadata'
    ]::regclass[]) as c (class)
  ),
  touched (class) as materialized (
    select c.class
    from counted c
    where c.writes <> all (pg_catalog.string_to_array(nullif(?::text, 'none'), ',')) or not pg_catalog.current_setting('track_counts')::boolean
  ),
  entry (class, oid, part, writer) as (
    select 'pg_class'::regclass, c.oid, 0, c.xmin
    from pg_class c
    where 'pg_class'::regclass = any (array(select t.class from touched t))
      and c.oid not in (select oid from own) and c.relnamespace <> 'pg_toast'::regnamespace
    union all
    select 'pg_class'::regclass, a.attrelid, a.attnum, a.xmin
    from pg_attribute a
    where 'pg_attribute'::regclass = any (array(select t.class from touched t))
      and a.attacl is not null and a.attrelid not in (select oid from own)
    union all
    select 'pg_type'::regclass, t.oid, 0, t.xmin
    from home h
    cross join pg_type t
    where 'pg_type'::regclass = any (array(select t.class from touched t))
      and not (t.typnamespace = h.schema and pg_catalog.starts_with(pg_catalog.ltrim(t.typname, '_'), h.beginning))
    union all
    select 'pg_constraint'::regclass, k.oid, 0, k.xmin
    from pg_constraint k
    where 'pg_constraint'::regclass = any (array(select t.class from touched t))
      and k.conrelid not in (select oid from own)
    union all
    select 'pg_trigger'::regclass, g.oid, 0, g.xmin
    from pg_trigger g
    where 'pg_trigger'::regclass = any (array(select t.class from touched t))
      and g.tgrelid not in (select oid from own)
    union all
    select 'pg_policy'::regclass, p.oid, 0, p.xmin
    from pg_policy p
    where 'pg_policy'::regclass = any (array(select t.class from touched t))
      and p.polrelid not in (select oid from own)
    union all
    select 'pg_rewrite'::regclass, w.oid, 0, w.xmin
    from pg_rewrite w
    where 'pg_rewrite'::regclass = any (array(select t.class from touched t))
      and w.ev_class not in (select oid from own)
    union all
    select 'pg_attrdef'::regclass, d.oid, 0, d.xmin
    from pg_attrdef d
    where 'pg_attrdef'::regclass = any (array(select t.class from touched t))
      and d.adrelid not in (select oid from own)
    union all
    select 'pg_statistic_ext'::regclass, s.oid, 0, s.xmin
    from pg_statistic_ext s
    where 'pg_statistic_ext'::regclass = any (array(select t.class from touched t))
      and s.stxrelid not in (select oid from own)
    union all
    select 'pg_proc'::regclass, p.oid, 0, p.xmin
    from home h
    cross join pg_proc p
    where 'pg_proc'::regclass = any (array(select t.class from touched t))
      and not (p.pronamespace = h.private_schema and pg_catalog.starts_with(p.proname, h.beginning))
    union all
    select 'pg_namespace'::regclass, n.oid, 0, n.xmin
    from pg_namespace n
    where 'pg_namespace'::regclass = any (array(select t.class from touched t))
    union all
    select 'pg_operator'::regclass, o.oid, 0, o.xmin
    from pg_operator o
    where 'pg_operator'::regclass = any (array(select t.class from touched t))
    union all
    select 'pg_cast'::regclass, c.oid, 0, c.xmin
    from pg_cast c
    where 'pg_cast'::regclass = any (array(select t.class from touched t))
    union all
    select 'pg_extension'::regclass, e.oid, 0, e.xmin
    from pg_extension e
    where 'pg_extension'::regclass = any (array(select t.class from touched t))
    union all
    select 'pg_event_trigger'::regclass, e.oid, 0, e.xmin
    from pg_event_trigger e
    where 'pg_event_trigger'::regclass = any (array(select t.class from touched t))
    union all
    select 'pg_default_acl'::regclass, d.oid, 0, d.xmin
    from pg_default_acl d
    where 'pg_default_acl'::regclass = any (array(select t.class from touched t))
    union all
    select 'pg_publication'::regclass, p.oid, 0, p.xmin
    from pg_publication p
    where 'pg_publication'::regclass = any (array(select t.class from touched t))
    union all
    select 'pg_publication_rel'::regclass, p.oid, 0, p.xmin
    from pg_publication_rel p
    where 'pg_publication_rel'::regclass = any (array(select t.class from touched t))
    union all
    select 'pg_database'::regclass, d.oid, 0, d.xmin
    from pg_database d
    where 'pg_database'::regclass = any (array(select t.class from touched t))
    union all
    select 'pg_auth_members'::regclass, m.roleid, 0, m.xmin
    from pg_auth_members m
    where 'pg_auth_members'::regclass = any (array(select t.class from touched t))
    union all
    select 'pg_db_role_setting'::regclass, s.setrole, 0, s.xmin
    from pg_db_role_setting s
    where 'pg_db_role_setting'::regclass = any (array(select t.class from touched t))
    union all
    select 'pg_largeobject_metadata'::regclass, l.oid, 0, l.xmin
    from pg_largeobject_metadata l
    where 'pg_largeobject_metadata'::regclass = any (array(select t.class from touched t))
  ),
  -- Transactions that began later have younger ids, too; the status tells them apart, unless they are in progress and so
  -- not to be seen. It is asked for these few alone.
  written as (
    select e.class, e.oid, e.part
    from home h
    cross join entry e
    where case when pg_catalog.age(e.writer) <= h.age then
      pg_catalog.pg_xact_status((h.full_id::text::bigint + pg_catalog.age(h.full_id::xid) - pg_catalog.age(e.writer))::text::xid8) = 'in progress'
    end
  ),
  lock as materialized (
    select l.*, h.first_oid, h.agents
    from home h
    join pg_locks l on l.pid = pg_backend_pid() and l.granted
  ),
  done (effect) as (
    select case
        when class in ('pg_auth_members'::regclass, 'pg_db_role_setting'::regclass) then
          'changes the role ' || oid::regrole
        else 'makes or changes ' || coalesce(pg_catalog.pg_describe_object(class, oid, part), class || ' ' || oid)
      end
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
    select pg_catalog.format('writes %s rows of %s', s.rows, s.oid::regclass)
    from (
      select c.oid, pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_xact_tuples_updated(c.oid)
        + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) as rows
      from pg_class c
      where c.oid in (select l.relation from lock l where l.locktype = 'relation')
        and c.oid not in (select oid from own)
        and c.relkind in ('r', 'm')
        and c.relnamespace not in ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace)
        -- The ledger.
        and c.oid <> pg_catalog.to_regclass('agent_versions')
    ) as s
    where s.rows > 0
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
  )
select d.effect, null as writes
from done d
union all
select null, (select pg_catalog.string_agg(c.writes, ',') from counted c)
order by effect
