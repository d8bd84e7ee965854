-- What belongs to Supabase and an installation must leave as it is: roles and
-- memberships, default privileges, extensions, and schema auth. Triggers on
-- auth.users are the one thing that may be added.
\pset tuples_only on
\pset format unaligned
select 'role ' || (to_jsonb(r) - 'oid' - 'rolpassword')::text from pg_roles r order by 1;
select format('role %s setting %s', setrole::regrole, setconfig) from pg_db_role_setting order by 1;
select format('member %s of %s, admin %s', member::regrole, roleid::regrole, admin_option)
from pg_auth_members order by 1;
select format('default privileges %s %s %s %s', defaclrole::regrole,
  defaclnamespace::regnamespace, defaclobjtype, defaclacl) from pg_default_acl order by 1;
select format('extension %s %s', extname, extversion) from pg_extension order by 1;
select format('schema %s %s %s', nspname, nspowner::regrole, nspacl) from pg_namespace
where nspname <> 'crm_private' and nspname !~ '^pg_(toast_)?temp' order by 1;
select format('relation %s %s %s %s %s', oid::regclass, relkind, relowner::regrole, relacl,
  relrowsecurity) from pg_class where relnamespace = 'auth'::regnamespace order by 1;
select format('column %s.%s %s', attrelid::regclass, attname, atttypid::regtype)
from pg_attribute where attnum > 0
  and attrelid in (select oid from pg_class where relnamespace = 'auth'::regnamespace) order by 1;
select format('function %s %s %s %s', oid::regprocedure, proowner::regrole, proacl, md5(prosrc))
from pg_proc where pronamespace = 'auth'::regnamespace order by 1;
select format('policy %s on %s', polname, polrelid::regclass) from pg_policy
where polrelid in (select oid from pg_class where relnamespace = 'auth'::regnamespace) order by 1;
