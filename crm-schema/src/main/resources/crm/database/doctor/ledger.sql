-- What the book-keeping of agents claims and the catalogue contradicts. Short, because it locks agents. Without a prefix,
-- the agent is gone; its id never comes again.
with
  home as materialized (
    select c.relnamespace as oid from pg_class c where c.oid = 'agents'::regclass
  )
select a.agent_prefix as prefix, 'agent_versions' as book,
  case v.extension
    when '(import)' then 'its import was cut off, so it is an agent without rows and without a user'
    else format('the ledger has version %s of extension %s, which is not registered', v.version, v.extension)
  end as problem,
  array[]::text[] as repair
from agent_versions v
join agents a on a.id = v.agent_id
where not exists (select from agent_templates t where t.extension = v.extension and t.version = v.version)
  -- Whoever imports it has its locks.
  and not (
    v.extension = '(import)'
    and exists (
      select
      from pg_locks l
      where l.locktype = 'advisory' and l.granted and l.objsubid = 1
        and l.database = (select d.oid from pg_database d where d.datname = current_database())
        and (l.classid::bigint << 32 | l.objid::bigint) = migration_key(a.agent_prefix::text)
    )
  )
union all
select a.agent_prefix, 'agent_versions',
  format('version %s of extension %s was applied from another text than the registered one of %s', v.version, v.extension,
    t.file),
  array[]::text[]
from agent_versions v
join agents a on a.id = v.agent_id
join agent_templates t on t.extension = v.extension and t.version = v.version and v.checksum <> all (t.replaced || t.checksum)
union all
select null, entry.book, format('it has entries of agent %s, which is gone', entry.agent_id),
  array[format('delete from %I.%I where agent_id = %s', current_schema(), entry.book, entry.agent_id)]
from (
  select 'agent_versions' as book, v.agent_id from agent_versions v
  union
  select 'agent_failures', f.agent_id from agent_failures f
  union
  select 'agent_tables', t.agent_id from agent_tables t
) as entry
where not exists (select from agents a where a.id = entry.agent_id)
  -- As long as there are tables of it, drop_agent_tables() needs these entries.
  and not exists (
    select
    from agent_tables t
    join pg_class c on c.relname = t.customers
    join home on home.oid = c.relnamespace
    where t.agent_id = entry.agent_id
  )
union all
-- Of agents and users that were deleted with triggers silenced.
select null, 'agent_members', format('it has members of agent %s, which is gone', gone.agent_id),
  array[format('delete from %I.agent_members where agent_id = %s', current_schema(), gone.agent_id)]
from (
  select distinct m.agent_id from agent_members m where not exists (select from agents a where a.id = m.agent_id)
) as gone
union all
select a.agent_prefix, 'agent_members', format('user %s is a member of the agent, and is gone', m.user_id),
  array[format('delete from %I.agent_members where user_id = %L', current_schema(), m.user_id)]
from agent_members m
join agents a on a.id = m.agent_id
where not exists (select from users u where u.id = m.user_id)
union all
select null, 'agent_numbers', format('it has numbers of agent %s, which is gone', gone.agent_id),
  array[format('update %I.agent_numbers set released_at = now() where agent_id = %s and released_at is null',
    current_schema(), gone.agent_id)]
from (
  select distinct n.agent_id
  from agent_numbers n
  where n.released_at is null and n.agent_id is not null and not exists (select from agents a where a.id = n.agent_id)
) as gone
union all
select a.agent_prefix, 'agent_tables',
  case
    when t.agent_id is null then 'it has no entry for the customers table, so that deleting any agent locks all agents'
    else 'its entry is another table than the customers table, so that deleting any agent locks all agents'
  end,
  array[format(
    'insert into %I.agent_tables as t (agent_id, customers) values (%s, %L)'
    ' on conflict on constraint agent_tables_pkey do update set customers = excluded.customers',
    current_schema(), a.id, c.relname)]
from agents a
cross join home
join pg_class c on c.relname = (a.agent_prefix || '_customers')::name and c.relnamespace = home.oid
left join agent_tables t on t.agent_id = a.id
where t.customers is distinct from c.relname::text
  -- A table of the application's that has this name is not the agent's.
  and exists (select from pg_constraint f where f.conrelid = c.oid and f.contype = 'f' and f.confrelid = 'agents'::regclass)
order by 1, 2, 3
