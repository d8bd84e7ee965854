-- What Supabase's module supautils makes of session_replication_role: the project's
-- owner, which is no superuser, may set it by the statement; set_config() of it is
-- refused. Run it after project.sql, as a superuser; it may be run again.
--
-- Callers find functions by name, so the built-in gets another one. (To replace what
-- is behind its own name has no effect: it is called by its number.)

do $$
begin
  execute format('grant set on parameter session_replication_role to %I',
    coalesce(nullif(current_setting('emulation.owner', true), ''), 'postgres'));
  if to_regprocedure('pg_catalog.set_config_built_in(text, text, boolean)') is null then
    alter function pg_catalog.set_config(text, text, boolean) rename to set_config_built_in;
  end if;
end $$;

create or replace function pg_catalog.set_config(text, text, boolean) returns text
language plpgsql as $$
begin
  if lower($1) = 'session_replication_role'
    and not (select rolsuper from pg_catalog.pg_roles where rolname = current_user)
  then
    raise insufficient_privilege
      using message = 'permission denied to set parameter "session_replication_role"';
  end if;
  return pg_catalog.set_config_built_in($1, $2, $3);
end $$;
