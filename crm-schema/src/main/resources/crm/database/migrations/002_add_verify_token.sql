begin;
-- The token of WhatsApp's webhook handshake, for installations from before it existed.
--
-- Run by psql into the schema of the installation, after 001. Where the column exists it changes nothing. The role
-- authenticated reads columns that it is granted one by one, so it doesn't see this one.

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
  -- To add it if not exists would lock the table even if it does.
  if not exists (
    select from pg_attribute c
    where c.attrelid = 'whatsapp_configuration'::regclass::oid and c.attname = 'verify_token' and not c.attisdropped
  ) then
    alter table whatsapp_configuration add column verify_token text;
  end if;
end
$$;
comment on column whatsapp_configuration.verify_token is 'Secret of the webhook handshake. Read it through'
  ' get_whatsapp_config(): authenticated has no SELECT privilege on this column.';
grant insert (verify_token), update (verify_token) on whatsapp_configuration to authenticated;

commit;
