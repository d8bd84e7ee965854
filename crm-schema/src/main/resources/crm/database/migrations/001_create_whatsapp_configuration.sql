begin;
-- Initial WhatsApp setup: the table whatsapp_configuration, for installations from before it existed.
--
-- Run by psql into the schema of the installation, then 002 and 003, then the five schema files, which bring functions
-- up to date. On an installation that has the table it changes nothing.

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
  if to_regclass('users') is null or to_regprocedure('is_admin()') is null then
    raise exception 'there is no installation in schema %', current_schema()
      using errcode = 'undefined_table',
        hint = 'Set search_path to the schema of the installation. An empty schema needs the schema files alone.';
  end if;
end
$$;

create table if not exists whatsapp_configuration (
  id bigserial,
  user_id uuid not null,
  whatsapp_number varchar(20) not null,
  webhook_url text not null,
  api_key text,
  business_account_id varchar(100),
  phone_number_id varchar(100),
  is_active boolean default true,
  created_at timestamptz default current_timestamp,
  updated_at timestamptz default current_timestamp,
  constraint whatsapp_configuration_pkey primary key (id),
  constraint whatsapp_configuration_user_id_key unique (user_id),
  constraint whatsapp_configuration_user_id_fkey foreign key (user_id) references users (id) on delete cascade
);

comment on table whatsapp_configuration is 'WhatsApp settings, one row per user.';
comment on column whatsapp_configuration.api_key is 'Secret. Read it through get_whatsapp_config(): authenticated has'
  ' no SELECT privilege on this column.';
comment on column whatsapp_configuration.is_active is 'False once the configuration or its agent was deleted.';

-- A function of the host in this schema may have the same name as one of ours.
do $$
begin
  perform set_config('search_path', current_setting('crm.private_path'), true);
end
$$;

do $$
begin
  if not exists (
    select from pg_trigger where tgrelid = 'whatsapp_configuration'::regclass::oid and tgname = 'touch_updated_at'
  ) then
    create trigger touch_updated_at before update on whatsapp_configuration
      for each row execute function touch_updated_at();
  end if;
  if to_regclass('whatsapp_configuration_is_active_idx') is null then
    create index whatsapp_configuration_is_active_idx on whatsapp_configuration (is_active);
  end if;

  if not (select relrowsecurity from pg_class where oid = 'whatsapp_configuration'::regclass::oid) then
    alter table whatsapp_configuration enable row level security;
  end if;
  if not (select rolbypassrls from pg_roles where rolname = 'service_role')
    and not exists (
      select from pg_policy
      where polrelid = 'whatsapp_configuration'::regclass::oid and polname = 'whatsapp_configuration_service'
    ) then
    create policy whatsapp_configuration_service on whatsapp_configuration for all to service_role
      using (true) with check (true);
    comment on policy whatsapp_configuration_service on whatsapp_configuration is
      'Service role has full access. Made where service_role has no BYPASSRLS.';
  end if;
  if not exists (
    select from pg_policy
    where polrelid = 'whatsapp_configuration'::regclass::oid and polname = 'whatsapp_configuration_select'
  ) then
    create policy whatsapp_configuration_select on whatsapp_configuration for select to authenticated using (true);
    create policy whatsapp_configuration_insert on whatsapp_configuration for insert to authenticated
      with check (user_id = (select auth.uid()) or (select is_admin()));
    create policy whatsapp_configuration_update on whatsapp_configuration for update to authenticated
      using (user_id = (select auth.uid()) or (select is_admin()))
      with check (user_id = (select auth.uid()) or (select is_admin()));
    create policy whatsapp_configuration_delete on whatsapp_configuration for delete to authenticated
      using (user_id = (select auth.uid()) or (select is_admin()));
  end if;
end
$$;

comment on policy whatsapp_configuration_select on whatsapp_configuration is
  'Authenticated users can read configurations, except the columns api_key and verify_token.';
comment on policy whatsapp_configuration_insert on whatsapp_configuration is
  'Users only manage their own configuration; admins all.';
comment on policy whatsapp_configuration_update on whatsapp_configuration is
  'Users only manage their own configuration; admins all.';
comment on policy whatsapp_configuration_delete on whatsapp_configuration is
  'Users only manage their own configuration; admins all.';

revoke all on whatsapp_configuration from public, anon, authenticated, service_role;
revoke all on sequence whatsapp_configuration_id_seq from public, anon, authenticated, service_role;
grant select, insert, update, delete on whatsapp_configuration to service_role;
grant usage on sequence whatsapp_configuration_id_seq to authenticated, service_role;
grant select (id, user_id, whatsapp_number, webhook_url, business_account_id, phone_number_id, is_active, created_at,
    updated_at),
  insert (user_id, whatsapp_number, webhook_url, api_key, business_account_id, phone_number_id, is_active, updated_at),
  update (user_id, whatsapp_number, webhook_url, api_key, business_account_id, phone_number_id, is_active, updated_at),
  delete on whatsapp_configuration to authenticated;

commit;
