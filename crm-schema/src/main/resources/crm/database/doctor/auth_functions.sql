-- What supabase_compat.sql makes in schema auth, where it is other than that: row level security rests on auth.uid(). On
-- Supabase they are the auth service's. One without the comment may be the application's own, so it is only told.
-- In the private schema. The values are those of supabase_compat.sql, to the letter.
select
  case when p.oid is null or m.is_made_here then 'function' else 'stranger' end as kind,
  null as prefix,
  format('auth.%s()', w.name) as name,
  format('function auth.%s() %s', w.name, case
    when p.oid is null then 'is missing'
    when m.is_made_here then 'was replaced, so that who is signed in may be somebody else'
    else 'is not the installation''s'
  end) as problem,
  -- Only its owner can replace one.
  case
    when p.oid is null and has_schema_privilege(n.oid, 'create') or m.is_made_here and pg_has_role(p.proowner, 'usage')
    then array[
      format('create or replace function auth.%I() returns pg_catalog.%I language sql stable as %L', w.name, w.type, w.body),
      format('comment on function auth.%I() is %L', w.name, w.description),
      format('grant execute on function auth.%I() to anon, authenticated, service_role', w.name)]
    else array[]::text[]
  end as statements
from (
      values
        ('jwt', 'jsonb', 'The claims of the current request, or null without a request.',
          $$
      select nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::pg_catalog.jsonb
    $$),
        ('uid', 'uuid', 'The user of the current request (claim sub), or null without one.',
          $$
      select coalesce(
        nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::pg_catalog.jsonb
          operator(pg_catalog.->>) 'sub'::pg_catalog.text,
        nullif(pg_catalog.current_setting('request.jwt.claim.sub', true), '')
      )::pg_catalog.uuid
    $$),
        ('role', 'text', 'The role that the current request claims; access rules never rest on it.',
          $$
      select coalesce(
        nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::pg_catalog.jsonb
          operator(pg_catalog.->>) 'role'::pg_catalog.text,
        nullif(pg_catalog.current_setting('request.jwt.claim.role', true), '')
      )
    $$)
    ) as w (name, type, description, body)
join pg_namespace n on n.nspname = 'auth'
join pg_roles r on r.oid = n.nspowner and r.rolname not in ('supabase_admin', 'supabase_auth_admin')
left join pg_proc p on p.pronamespace = n.oid and p.proname = w.name and p.pronargs = 0
left join pg_roles o on o.oid = p.proowner
cross join lateral (
  select coalesce(obj_description(p.oid, 'pg_proc') = w.description, false) as is_made_here
) as m
where p.oid is null
  or o.rolname is distinct from 'supabase_auth_admin'
    and (
      p.prosrc <> w.body or p.prosqlbody is not null or p.proconfig is not null or p.prosecdef or p.proretset
      or p.provolatile <> 's' or p.prolang <> (select l.oid from pg_language l where l.lanname = 'sql')
      or p.prorettype <> format('pg_catalog.%I', w.type)::regtype
    )
order by 1, 3
