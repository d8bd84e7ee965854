-- A schema for an installation that is never committed. The files put a trigger on auth.users where they may; the lock for
-- that is waited for no longer than this says, because sign-ups wait behind it. The files themselves would wait longer.
-- It is the owner's, whoever looks: a superuser, or another member.
-- Parameters: the time to wait, in milliseconds, the schema for it, and the schema that is there.
select set_config('lock_timeout', ?::text, true), set_config('crm.scratch', ?::text, true);
select set_config('role', pg_get_userbyid(c.relowner)::text, true)
from pg_class c
join pg_namespace n on n.oid = c.relnamespace and n.nspname = ?::text
where c.relname = 'agents';
do $$
begin
  if to_regclass('auth.users') is not null
    and has_table_privilege('auth.users', 'trigger')
    and has_table_privilege('auth.users', 'update, delete, truncate') then
    lock table auth.users in share row exclusive mode;
  end if;
  execute format('create schema %I', current_setting('crm.scratch'));
end
$$;
