begin;
-- Custom enum types. Run by psql into the current schema (the first one of search_path); run again, it changes nothing.

-- All settings end with this transaction. Each function keeps the search_path of the moment it is made, so the same file
-- installs into any schema.
do $$
declare
  private_schema text := case current_schema() when 'public' then 'crm_private' else current_schema()::text || '_private' end;
begin
  if current_schema() is null then
    raise exception 'there is no schema to install into'
      using errcode = 'invalid_schema_name',
        hint = 'Set search_path to a schema that exists, for example: set search_path = public;';
  end if;
  if getdatabaseencoding() <> 'UTF8' then
    raise exception 'database % is encoded in %, which lacks most of what people write in messages',
      current_database(), getdatabaseencoding()
      using errcode = 'feature_not_supported',
        hint = 'Use one that is encoded in UTF8: create database ... encoding ''UTF8'' template template0;';
  end if;
  -- The names of schemas are compared as text.
  perform set_config('quote_all_identifiers', 'off', true), set_config('standard_conforming_strings', 'on', true);
  perform
    set_config('crm.schema_path', format('%I, %I, pg_temp', current_schema(), private_schema), true),
    set_config('crm.private_path', format('%I, %I, pg_temp', private_schema, current_schema()), true),
    set_config('client_min_messages', 'warning', true);
  perform set_config('search_path', current_setting('crm.schema_path'), true);
end
$$;
set local lock_timeout = '10s';
set local statement_timeout = '10min';

do $$
begin
  if to_regtype(format('%I.role', current_schema())) is null then
    create type role as enum ('admin', 'agent');
  end if;
  if not exists (
    select from pg_enum e
    where e.enumtypid = to_regtype(format('%I.role', current_schema()))::oid
    having string_agg(e.enumlabel::text, ' ' order by e.enumsortorder) = 'admin agent'
  ) then
    raise exception 'schema % holds another type named role', current_schema()
      using errcode = 'duplicate_object',
        hint = 'Install into a schema of its own: create schema crm; set search_path = crm; and run all files again.';
  end if;
  comment on type role is 'User roles: admin has full access, agent manages its own data.';
end
$$;

commit;
