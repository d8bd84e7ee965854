-- The regime of every Supabase project since 30 October 2026: reading, writing and
-- calling are no longer granted to the API roles, not even to service_role. What
-- the older grants held beyond that was never taken back: TRUNCATE, REFERENCES
-- and TRIGGER on tables, UPDATE (setval) on sequences. Functions remain callable
-- by everybody, because EXECUTE for PUBLIC is PostgreSQL's own default.
-- Run default-privileges-exposed.sql first: a project gets here the same way.
do $$
declare
  owner text := coalesce(nullif(current_setting('emulation.owner', true), ''), 'postgres');
begin
  execute format(
    'alter default privileges for role %I in schema public'
    ' revoke select, insert, update, delete on tables from anon, authenticated, service_role',
    owner);
  execute format(
    'alter default privileges for role %I in schema public'
    ' revoke usage, select on sequences from anon, authenticated, service_role',
    owner);
  execute format(
    'alter default privileges for role %I in schema public'
    ' revoke execute on functions from anon, authenticated, service_role',
    owner);
end $$;
