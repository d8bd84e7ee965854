-- A schema for an installation that is never committed. The files put a trigger on auth.users where they may; the lock for
-- that is waited for no longer than this says, because sign-ups wait behind it. The files themselves would wait longer.
-- Parameters: the time to wait, in milliseconds, and the schema.
select set_config('lock_timeout', ?, true), set_config('crm.scratch', ?, true);
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
