-- The token of WhatsApp's webhook handshake, for installations from before it existed.
--
-- Run by psql into the schema of the installation, after 001. Where the column exists it changes nothing. The role
-- authenticated reads columns that it is granted one by one, so it doesn't see this one.

-- Settings are saved, fixed for this file and put back at its end. Each function keeps the search_path of the moment
-- it is made, so the same file installs into any schema.
do $$
declare
  private_schema text := case current_schema() when 'public' then 'crm_private' else current_schema() || '_private' end;
begin
  if current_schema() is null then
    raise exception 'there is no schema to install into'
      using errcode = 'invalid_schema_name',
        hint = 'Set search_path to a schema that exists, for example: set search_path = public;';
  end if;
  perform set_config('crm.saved_settings', jsonb_object_agg(name, current_setting(name))::text, false)
  from unnest(array['search_path', 'client_min_messages', 'lock_timeout', 'statement_timeout']) as name;
  perform set_config('crm.schema_path', format('%I, %I, pg_temp', current_schema(), private_schema), false);
  perform set_config('crm.private_path', format('%I, %I, pg_temp', private_schema, current_schema()), false);
  perform set_config('search_path', current_setting('crm.schema_path'), false);
  perform set_config('client_min_messages', 'warning', false);
end
$$;
set lock_timeout = '10s';
set statement_timeout = '10min';

alter table whatsapp_configuration add column if not exists verify_token text;
comment on column whatsapp_configuration.verify_token is 'Secret of the webhook handshake. Read it through'
  ' get_whatsapp_config(): authenticated has no SELECT privilege on this column.';

do $$
begin
  perform set_config(key, value, false)
  from jsonb_each_text(current_setting('crm.saved_settings')::jsonb);
end
$$;
