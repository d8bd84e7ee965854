begin;
-- Indexes of the base tables. Those of an agent's tables are made by add_agent_indexes().
--
-- Run by psql into the current schema, after agent_management_functions.sql. Run again, it changes nothing. What a
-- constraint in base_tables.sql keeps unique has its index from there: users.email, agents.agent_prefix and
-- whatsapp_configuration.user_id.

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

-- The tables are small, so a plain index, which blocks writers while it is built, is done at once.
do $$
begin
  if to_regclass('users_role_idx') is null then
    create index users_role_idx on users (role);
  end if;

  -- users 1 - 1 agents
  if to_regclass('agents_user_id_idx') is null then
    create unique index agents_user_id_idx on agents (user_id);
  end if;
  if to_regclass('agents_created_by_idx') is null then
    create index agents_created_by_idx on agents (created_by);
  end if;

  if to_regclass('whatsapp_configuration_is_active_idx') is null then
    create index whatsapp_configuration_is_active_idx on whatsapp_configuration (is_active);
  end if;
  -- Anybody may ask for a handshake. By hash: a token may be longer than an entry of a B-tree.
  if to_regclass('whatsapp_configuration_verify_token_idx') is null then
    create index whatsapp_configuration_verify_token_idx on whatsapp_configuration using hash (verify_token);
  end if;
end
$$;

-- Agents from before migration 003 lack a column, and only the migration adds it. The installer, which runs files as the
-- text of a setting, sees to them itself.
do $$
declare
  outdated bigint;
begin
  select count(*)
  into outdated
  from agents a
  join pg_class c on c.relname = a.agent_prefix::text || '_orders' and c.relnamespace = quote_ident(current_schema())::regnamespace::oid
  where not exists (
    select from pg_attribute t where t.attrelid = c.oid and t.attname = 'total_amount' and not t.attisdropped
  );
  if outdated > 0 and coalesce(current_setting('crm.script', true), '') = '' then
    raise warning 'orders of % agents have no total_amount yet', outdated
      using hint = 'Run migrations/003_add_total_amount_to_orders.sql.';
  end if;
end
$$;

commit;
