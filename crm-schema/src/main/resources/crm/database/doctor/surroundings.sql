-- What would open the agents' tables from outside: attributes and memberships of the roles that sign-ins act as; and tables
-- of the application's own that are open to everybody. And configurations that name another agent's number.
-- In the private schema. Parameters: the schema and the private schema.
with
  home as materialized (
    select n.oid, n.nspname, n.nspowner, n.nspacl, given.private_name
    from (select ?::text as name, ?::text as private_name) as given
    join pg_namespace n on n.nspname = given.name
  ),
  base as materialized (
    select c.relowner from home join pg_class c on c.relnamespace = home.oid and c.relname = 'agents'
  )
select 'role' as kind, r.rolname::text as name, format('role %s has %s', r.rolname, attribute.name) as problem, null as statement
from pg_roles r
cross join lateral (
  values ('SUPERUSER', r.rolsuper), ('BYPASSRLS', r.rolbypassrls)
) as attribute (name, is_set)
where r.rolname in ('anon', 'authenticated') and attribute.is_set
union all
select 'role', r.rolname::text, format('role %s is a member of %s', r.rolname, m.rolname), null
from pg_roles r
cross join base
join pg_roles m on m.oid = base.relowner or m.rolname = 'service_role' or r.rolname = 'anon' and m.rolname = 'authenticated'
where r.rolname in ('anon', 'authenticated') and not r.rolsuper and pg_has_role(r.oid, m.oid, 'member')
union all
-- But for Supabase's own, whose auth service owns it.
select 'schema', n.nspname::text,
  format('schema auth belongs to role %s, who could replace auth.uid()', r.rolname), null
from base
join pg_namespace n on n.nspname = 'auth' and n.nspowner <> base.relowner
join pg_roles r on r.oid = n.nspowner
where not r.rolsuper and r.rolname not in ('supabase_admin', 'supabase_auth_admin')
  and not pg_has_role(base.relowner, n.nspowner, 'member')
union all
select 'usage', n.nspname::text, format('role %s has no USAGE on schema %s', r.rolname, n.nspname),
  case when pg_has_role(n.nspowner, 'usage') then format('grant usage on schema %I to %I', n.nspname, r.rolname) end
from home
join pg_namespace n on n.oid = home.oid or n.nspname = 'auth'
join pg_roles r on r.rolname in ('authenticated', 'service_role')
where not has_schema_privilege(r.oid, n.oid, 'usage')
union all
select 'usage', 'auth', format('role %s may not call auth.uid()', r.rolname),
  case when pg_has_role(p.proowner, 'usage') then format('grant execute on function auth.uid() to %I', r.rolname) end
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace and n.nspname = 'auth'
join pg_roles r on r.rolname in ('authenticated', 'service_role')
where p.proname = 'uid' and p.pronargs = 0 and not has_function_privilege(r.oid, p.oid, 'execute')
union all
select 'trigger', 'auth.users',
  'users is not kept in step with auth.users: the trigger there is missing, disabled, or an older one',
  format('select %I.follow_sign_ups()', home.private_name)
from home
cross join base
where to_regclass('auth.users') is not null
  and (
    has_table_privilege('auth.users', 'trigger') or has_table_privilege(base.relowner, to_regclass('auth.users'), 'trigger')
  )
  and not exists (
    select
    from pg_trigger g
    join pg_proc f on f.oid = g.tgfoid and f.proname = 'sync_user_from_auth'
    join pg_namespace n on n.oid = f.pronamespace and n.nspname = home.private_name
    where g.tgrelid = to_regclass('auth.users') and g.tgenabled in ('O', 'A')
      and cardinality(g.tgattr::smallint[]) = (
        select count(*)
        from pg_attribute a
        where a.attrelid = to_regclass('auth.users') and not a.attisdropped
          and a.attname in ('email', 'email_confirmed_at', 'raw_user_meta_data', 'raw_app_meta_data')
      )
  )
union all
select 'number', 'whatsapp_configuration',
  format('the configuration of user %s names a phone_number_id that is %s, and not of agent %s', c.user_id,
    coalesce('agent ' || h.agent_prefix || '''s', 'nobody''s'), a.agent_prefix), null
from whatsapp_configuration c
join agents a on a.user_id = c.user_id
left join agent_numbers n on n.phone_number_id = c.phone_number_id and n.released_at is null
left join agents h on h.id = n.agent_id
where c.phone_number_id is not null and n.agent_id is distinct from a.id
union all
select 'locale', 'search_text',
  format('database %s has a locale that knows no capitals beyond ASCII, and no ICU: searching tells them from small letters',
    current_database()), null
from home
join pg_namespace n on n.nspname = home.private_name
join pg_proc p on p.pronamespace = n.oid and p.proname = 'search_text' and p.pronargs = 1
where pg_catalog.to_regcollation('pg_catalog."und-x-icu"') is null and pg_catalog.lower(pg_catalog.chr(1052)) <> pg_catalog.chr(1084)
union all
select 'table', c.relname::text,
  format('the application''s own table %I.%I has no row level security, and %s may %s', home.nspname, c.relname,
    string_agg(distinct coalesce(r.rolname::text, 'everybody'), ' and '),
    string_agg(distinct lower(p.privilege_type), ', ')), null
from home
join pg_class c on c.relnamespace = home.oid and c.relkind in ('r', 'p') and not c.relrowsecurity
cross join lateral aclexplode(c.relacl) p
left join pg_roles r on r.oid = p.grantee
where (p.grantee = 0 or r.rolname = 'anon')
  and p.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
  and c.relname not in ('users', 'agents', 'whatsapp_configuration')
  -- An agent's table that is open is found when the agent is compared.
  and not exists (
    select
    from agents a
    where starts_with(c.relname::text, a.agent_prefix || '_')
      and substr(c.relname::text, length(a.agent_prefix) + 2) in (
        select unnest(array['customers', 'messages', 'orders', 'orders_items'])
        union all
        select unnest(t.tables) from agent_templates t
      )
  )
group by home.nspname, c.relname
order by 1, 2, 3
