begin;
-- Order totals, for agents from before they existed: adds total_amount to each agent's orders, computes it from the
-- items, and has it kept by triggers.
--
-- Run by psql into the schema of the installation, after 002. Agents whose orders have the column are left alone.
-- One transaction holds locks on the orders of all agents that it changes: with more than some hundred of them, raise
-- max_locks_per_transaction first. CrmSchema.install doesn't run this file: it changes one agent after the other, by the
-- version 1 of the extension crm in extensions.sql. psql can do so, too: leave this file out, run the schema files and
-- extensions.sql, then "select crm_private.migrate_agent(id, agent_prefix) from agents where id = ..." for each agent.

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

-- A function of the host in this schema may have the same name as one of ours.
do $$
begin
  perform set_config('search_path', current_setting('crm.private_path'), true);
end
$$;

do $$
declare
  prefix text;
begin
  for prefix in
    select a.agent_prefix
    from agents a
    join pg_class c on c.relname = a.agent_prefix::text || '_orders'
      and c.relnamespace = (select r.relnamespace from pg_class r where r.oid = 'agents'::regclass::oid)
    where not exists (
      select from pg_attribute t where t.attrelid = c.oid and t.attname = 'total_amount' and not t.attisdropped
    )
    order by a.id
  loop
    -- Writers of items are waited for: a change that is not yet committed would be missing in the totals.
    execute format('lock table %I in share row exclusive mode', prefix || '_orders_items');
    execute format('alter table %I add column total_amount decimal(10, 2) default 0', prefix || '_orders');
    execute format(
      'update %I o set total_amount = i.total'
      ' from (select order_id, sum(total) as total from %I group by order_id) i where i.order_id = o.id',
      prefix || '_orders', prefix || '_orders_items');
    -- Where the functions are older than this migration, dynamic_table_creation.sql, run next, makes the triggers.
    if to_regprocedure(format('%I.create_order_totals(text)', current_schema())) is not null then
      execute 'select create_order_totals($1)' using prefix;
    end if;
  end loop;
  if to_regprocedure(format('%I.record_order_totals()', current_schema())) is not null then
    execute 'select record_order_totals()';
  end if;
end
$$;

commit;
