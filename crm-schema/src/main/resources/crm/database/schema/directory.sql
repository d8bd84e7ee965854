begin;
-- The directory of several databases: which of them an agent is in, and whose ids are which.
--
-- Run by psql into the current schema, after base_tables.sql. Run again, it changes nothing. CrmSchema.install runs it
-- everywhere; its tables stay empty but in the one database that CrmFleet of crm-core keeps its directory in.

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
  perform set_config('search_path', current_setting('crm.private_path'), true);
end
$$;

-- A prefix is reserved here before its agent is made there, so of two that make it at the same time, one is refused.
create table if not exists agent_places (
  agent_prefix text not null,
  database_name text not null,
  token uuid not null,
  is_made boolean not null,
  since timestamp with time zone not null,
  constraint agent_places_pkey primary key (agent_prefix)
);
comment on table agent_places is 'Which of several databases an agent is in. Empty unless this database is the one that keeps it.';
comment on column agent_places.token is 'Changes whenever the row is written: who read another one changes nothing.';
comment on column agent_places.is_made is 'Whether the agent was there; else the prefix is reserved for it.';
comment on column agent_places.since is 'When the row was written.';

-- Ids of agents are taken from a part of all numbers, so that no two databases give the same one.
create table if not exists fleet_databases (
  database_name text not null,
  number bigint not null,
  constraint fleet_databases_pkey primary key (database_name),
  constraint fleet_databases_number_key unique (number),
  constraint fleet_databases_number_check check (number between 0 and 1000000)
);
comment on table fleet_databases is 'The databases that share a directory. Empty unless this database is the one that keeps it.';
comment on column fleet_databases.number is 'Ids of agents that are made there begin at this many thousand millions.';

do $$
begin
  if not (select relrowsecurity from pg_class where oid = 'agent_places'::regclass::oid) then
    alter table agent_places enable row level security;
  end if;
  if not (select relrowsecurity from pg_class where oid = 'fleet_databases'::regclass::oid) then
    alter table fleet_databases enable row level security;
  end if;
  if not exists (select from pg_policy where polrelid = 'agent_places'::regclass::oid and polname = 'agent_places_select') then
    create policy agent_places_select on agent_places for select to service_role using (true);
    comment on policy agent_places_select on agent_places is 'Backends keep it, and nobody else sees it.';
    if not (select rolbypassrls from pg_roles where rolname = 'service_role') then
      create policy agent_places_insert on agent_places for insert to service_role with check (true);
      create policy agent_places_update on agent_places for update to service_role using (true) with check (true);
      create policy agent_places_delete on agent_places for delete to service_role using (true);
      comment on policy agent_places_insert on agent_places is 'Backends reserve prefixes; service_role has no BYPASSRLS here.';
      comment on policy agent_places_update on agent_places is 'Backends correct it; service_role has no BYPASSRLS here.';
      comment on policy agent_places_delete on agent_places is 'Backends release prefixes; service_role has no BYPASSRLS here.';
    end if;
  end if;
  if not exists (select from pg_policy where polrelid = 'fleet_databases'::regclass::oid and polname = 'fleet_databases_select') then
    create policy fleet_databases_select on fleet_databases for select to service_role using (true);
    comment on policy fleet_databases_select on fleet_databases is 'Backends may look, and nobody else.';
  end if;
end
$$;
revoke all on agent_places, fleet_databases from public, anon, authenticated, service_role;
grant select, insert, update, delete on agent_places to service_role;
grant select on fleet_databases to service_role;

commit;
