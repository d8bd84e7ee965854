-- Roles that are missing, and the schema auth with what the policies call, in one row if there are any.
select string_agg(missing.what || ' is missing', ', ' order by missing.what) as problem
from (
  select 'role ' || expected.name as what
  from (values ('anon'), ('authenticated'), ('service_role')) as expected (name)
  where not exists (select from pg_roles r where r.rolname = expected.name)
  union all
  select 'function auth.uid()'
  where not exists (
    select
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'auth' and p.proname = 'uid' and p.pronargs = 0
  )
) as missing
having count(*) > 0
