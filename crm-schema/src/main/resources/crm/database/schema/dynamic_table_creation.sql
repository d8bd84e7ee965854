begin;
-- The four tables of each agent: made when an agent is inserted, dropped when it goes.
--
-- Run by psql into the current schema, after base_tables.sql. Run again, it changes nothing.
--
-- Locks. Everything that makes or drops tables first enters one queue (enter_provisioning), before it touches agents:
-- an INSERT into agents holds ROW EXCLUSIVE, the foreign key of the new customers table wants SHARE ROW EXCLUSIVE, and
-- dropping one wants ACCESS EXCLUSIVE. Entered in any other order, two of them wait for each other for ever.
--
-- What each creation asks finds agents by to_regclass(): a query that holds the constant 'agents'::regclass is planned
-- anew after each change of that table, and each creation is one.

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

create or replace function create_agent_tables(prefix text, agent_id bigint) returns void
language plpgsql
security definer
set search_path from current
set lock_timeout = '30s'
as $$
declare
  customers text := prefix || '_customers';
  messages text := prefix || '_messages';
  orders text := prefix || '_orders';
  items text := prefix || '_orders_items';
  taken text;
  owner bigint; -- null where there are no tables yet
  -- Tables are made where agents is; the first schema of the path is another.
  home name := (
    select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = pg_catalog.to_regclass('agents')::oid
  );
  is_extensible boolean := has_extensions();
begin
  perform require_admin('create_agent_tables');
  perform check_prefix(prefix);
  perform enter_provisioning();
  -- As migrate_agent() does further down, and ahead of the tables' locks: whoever migrates this agent needs those next.
  perform pg_catalog.pg_advisory_xact_lock(migration_key(prefix));
  if not exists (
    select from agents a where a.id = create_agent_tables.agent_id and a.agent_prefix::text = create_agent_tables.prefix
  ) then
    raise exception 'there is no agent with id % and prefix %', coalesce(agent_id::text, 'null'), prefix
      using errcode = 'invalid_parameter_value', hint = 'Make it first: select * from create_agent(...).';
  end if;
  taken := taken_names(prefix);
  if taken is not null then
    raise exception 'the tables of agent % would need names that are taken: %', prefix, taken
      using errcode = 'duplicate_table', hint = 'Choose another agent_prefix, or rename what holds these names.';
  end if;
  owner := agent_of_tables(prefix);
  if owner <> agent_id then
    raise exception 'the tables of prefix % belong to the deleted agent %', prefix, owner
      using errcode = 'duplicate_table',
        hint = 'They go when the transaction that deleted it commits; else: select drop_agent_tables(prefix);';
  end if;

  -- One table after the other, each complete before the next one refers to it.
  if owner is null then
    execute pg_catalog.format(
      'create table %I.%I ('
      ' id serial,'
      ' agent_id bigint not null,'
      ' name text not null,'
      ' phone text not null,'
      ' created_at timestamp without time zone default pg_catalog.timezone(''utc'', now()),'
      ' constraint %I primary key (id),'
      ' constraint %I foreign key (agent_id) references agents (id) on delete cascade,'
      ' constraint %I check (agent_id = %L))',
      home, customers, customers || '_pkey', customers || '_agent_id_fkey', customers || '_agent_id_check', agent_id);
  end if;
  -- An entry of another agent is of one whose tables were dropped by hand: those of today are this agent's.
  delete from agent_tables t where t.customers = prefix || '_customers' and t.agent_id <> create_agent_tables.agent_id;
  insert into agent_tables as t (agent_id, customers)
  values (create_agent_tables.agent_id, prefix || '_customers')
  on conflict on constraint agent_tables_pkey do update set customers = excluded.customers
  where t.customers <> excluded.customers;
  perform secure_agent_table(customers, agent_id, pg_catalog.format('Customers of agent %s. Times are UTC.', prefix));

  if owner is null or not is_agent_table(prefix, 'messages') then
    execute pg_catalog.format(
      'create table %I.%I ('
      ' id serial,'
      ' customer_id integer not null,'
      ' message text not null,'
      ' direction varchar(10) not null,'
      ' timestamp timestamp without time zone default pg_catalog.timezone(''utc'', now()),'
      ' constraint %I primary key (id),'
      ' constraint %I foreign key (customer_id) references %I (id) on delete cascade,'
      ' constraint %I check (direction operator(pg_catalog.=) any (array[''inbound''::varchar, ''outbound''::varchar])))',
      home, messages, messages || '_pkey', messages || '_customer_id_fkey', customers, messages || '_direction_check');
  end if;
  perform secure_agent_table(messages, agent_id, pg_catalog.format('Messages from and to customers of agent %s. Times are UTC.',
    prefix));

  if owner is null or not is_agent_table(prefix, 'orders') then
    execute pg_catalog.format(
      'create table %I.%I ('
      ' id serial,'
      ' customer_id integer not null,'
      ' total_amount decimal(10, 2) default 0,'
      ' status varchar(50) default ''pending'','
      ' notes text,'
      ' shipping_address text,'
      ' created_at timestamp without time zone default pg_catalog.timezone(''utc'', now()),'
      ' updated_at timestamp without time zone default pg_catalog.timezone(''utc'', now()),'
      ' constraint %I primary key (id),'
      ' constraint %I foreign key (customer_id) references %I (id) on delete cascade)',
      home, orders, orders || '_pkey', orders || '_customer_id_fkey', customers);
  end if;
  perform secure_agent_table(orders, agent_id, pg_catalog.format('Orders of customers of agent %s. Times are UTC.', prefix));

  if owner is null or not is_agent_table(prefix, 'orders_items') then
    execute pg_catalog.format(
      'create table %I.%I ('
      ' id serial,'
      ' order_id integer not null,'
      ' name text not null,'
      ' quantity integer not null default 1,'
      ' price decimal(10, 2) not null default 0,'
      ' total decimal(10, 2) generated always as (quantity::numeric * price) stored,'
      ' created_at timestamp without time zone default pg_catalog.timezone(''utc'', now()),'
      ' constraint %I primary key (id),'
      ' constraint %I foreign key (order_id) references %I (id) on delete cascade,'
      ' constraint %I check (quantity > 0),'
      -- 'NaN' is greater than every number, so it would pass the first condition.
      ' constraint %I check (price >= 0::numeric and price <> ''NaN''))',
      home, items, items || '_pkey', items || '_order_id_fkey', orders, items || '_quantity_check', items || '_price_check');
  end if;
  perform secure_agent_table(items, agent_id, pg_catalog.format('Items of orders of agent %s. Times are UTC.', prefix));

  if is_extensible then
    if owner is null then
      -- The tables were made as the library's own changes leave them.
      insert into agent_versions (agent_id, extension, version, checksum, duration_ms)
      select create_agent_tables.agent_id, t.extension, t.version, t.checksum, 0
      from agent_templates t
      where t.extension = 'crm'
      on conflict on constraint agent_versions_pkey do nothing;
    else
      perform migrate_agent(agent_id, prefix, 'crm');
    end if;
  elsif not exists (
    select from pg_attribute c
    where c.attrelid = pg_catalog.to_regclass(pg_catalog.quote_ident(orders))::oid and c.attname = 'total_amount' and not c.attisdropped
  ) then
    raise exception 'the orders of agent % have no total_amount yet', prefix
      using errcode = 'undefined_column', hint = 'Run migrations/003_add_total_amount_to_orders.sql.';
  end if;
  perform create_order_totals(prefix);
  perform add_agent_indexes(prefix);
  if is_extensible then
    perform migrate_agent(agent_id, prefix, null, true);
    if owner is not null then
      perform restore_privileges(agent_id, prefix);
    end if;
  end if;
  perform pg_catalog.pg_notify('pgrst', 'reload schema'); -- PostgREST answers 404 for tables that it hasn't read of
end
$$;
comment on function create_agent_tables(text, bigint) is 'Creates the four tables of an agent with their row level'
  ' security, triggers, privileges and indexes, and what extensions add; what exists stays. The trigger on agents calls'
  ' it. For admins and backends.';

create or replace function drop_agent_tables(prefix text) returns void
language plpgsql
security definer
set search_path from current
set lock_timeout = '30s'
as $$
declare
  taken text;
begin
  perform require_admin('drop_agent_tables');
  perform check_prefix(prefix);
  perform enter_provisioning();
  if agent_of_tables(prefix) is not null then
    perform remove_agent_tables(prefix, agent_of_tables(prefix));
    return;
  end if;
  taken := taken_names(prefix);
  if taken is not null then
    raise exception 'not dropped, because they belong to no agent: %', taken
      using errcode = 'wrong_object_type', hint = 'Check the prefix. Tables of your own are dropped by DROP TABLE.';
  end if;
end
$$;
comment on function drop_agent_tables(text) is 'Drops the four tables of an agent with all their data; the agents row'
  ' stays. Does nothing where there are none; refuses tables that only have such names. For admins and backends.';

create or replace function create_agent_indexes(prefix text) returns void
language plpgsql
security definer
set search_path from current
set lock_timeout = '30s'
as $$
begin
  perform require_admin('create_agent_indexes');
  perform check_prefix(prefix);
  perform enter_provisioning();
  if not is_agent_table(prefix, 'messages') or not is_agent_table(prefix, 'orders_items') then
    raise exception 'agent % has no tables', prefix
      using errcode = 'undefined_table', hint = 'Make them first: select create_agent_tables(prefix, agent_id);';
  end if;
  perform add_agent_indexes(prefix);
end
$$;
comment on function create_agent_indexes(text) is 'Creates the indexes of an agent''s tables; those that exist stay.'
  ' For admins and backends.';

-- To the end of the file the internal functions come first, and inside these three: a function of the host in this schema
-- may have the same name, and must not be called in place of one of ours. Only what creates the three needed it the other
-- way round.
do $$
declare
  specified regprocedure;
begin
  foreach specified in array array[
    'create_agent_tables(text, bigint)', 'drop_agent_tables(text)', 'create_agent_indexes(text)'
  ]::regprocedure[] loop
    execute format('alter function %s set search_path to %s', specified, current_setting('crm.private_path'));
    execute format('revoke all on function %s from public, anon, authenticated, service_role', specified);
    execute format('grant execute on function %s to authenticated, service_role', specified);
  end loop;
  perform set_config('search_path', current_setting('crm.private_path'), true);
end
$$;

create or replace function create_tables_of_new_agent() returns trigger
language plpgsql
security definer
set search_path from current
as $$
begin
  perform create_agent_tables(new.agent_prefix::text, new.id);
  return null;
end
$$;
comment on function create_tables_of_new_agent() is 'Trigger: makes the tables and indexes of a new agent.';

create or replace function has_extensions() returns boolean
language plpgsql
stable
set search_path from current
as $$
begin
  -- In this schema: a host may have a table of this name in the other one.
  return pg_catalog.to_regclass(pg_catalog.format('%I.agent_versions', current_schema())) is not null;
end
$$;
comment on function has_extensions() is 'Whether extensions.sql was run, and agents get what is registered there.';

create or replace function require_admin(action text) returns void
language plpgsql
stable
set search_path from current
as $$
begin
  if not is_backend() and not is_admin() then
    raise exception 'only an admin may call %', action
      using errcode = 'insufficient_privilege',
        hint = 'Sign in as a user whose users.role is admin, or call it as service_role.';
  end if;
end
$$;
comment on function require_admin(text) is 'Raises unless the caller is an admin or a backend.';

-- The role setting survives SECURITY DEFINER, and unlike a claim it can't be forged. A login that merely inherits
-- authenticated is no backend.
create or replace function is_backend() returns boolean
language plpgsql
stable
set search_path from current
as $$
begin
  return is_trusted(coalesce(nullif(pg_catalog.current_setting('role'), 'none'), session_user::text)::name);
end
$$;
comment on function is_backend() is 'Whether the caller acts as service_role or the owner, or as a login that may act as'
  ' one of them. For functions that run as the owner; elsewhere is_trusted(current_user) tells.';

create or replace function check_prefix(prefix text) returns void
language plpgsql
immutable
set search_path from current
as $$
begin
  if is_prefix(prefix) is not true then
    raise exception 'agent_prefix % is malformed', coalesce(pg_catalog.quote_literal(pg_catalog.left(prefix, 40)), 'null')
      using errcode = 'invalid_parameter_value',
        hint = 'Use 1 to 20 characters: a lower-case letter, then lower-case letters, digits and underscores.';
  end if;
end
$$;
comment on function check_prefix(text) is 'Raises unless the text can be an agent_prefix.';

-- The rule of agents_agent_prefix_check, asked before there is a row to check.
create or replace function is_prefix(prefix text) returns boolean
language plpgsql
immutable
set search_path from current
as $$
begin
  return prefix ~ '^[a-z][a-z0-9_]{0,19}$';
end
$$;
comment on function is_prefix(text) is 'Whether the text can be an agent_prefix.';

create or replace function enter_provisioning() returns void
language plpgsql
set search_path from current
as $$
begin
  if pg_catalog.pg_try_advisory_xact_lock(provisioning_key()) then
    return;
  end if;
  -- Whoever is ahead may need ACCESS EXCLUSIVE on agents: holding any lock on it and waiting here is a deadlock.
  if exists (
    select from pg_locks l
    where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.relation = 'agents'::regclass::oid and l.granted
  ) then
    raise exception 'agents are being made or deleted by another transaction, and this one has read agents already'
      using errcode = 'lock_not_available',
        hint = 'Try again. To wait instead, pass the id as a value, not as a query on agents, and do so in a'
          ' transaction that has not read agents before.';
  end if;
  perform pg_catalog.pg_advisory_xact_lock(provisioning_key());
end
$$;
comment on function enter_provisioning() is 'Waits, within lock_timeout, for the right to make or drop tables; it ends'
  ' with the transaction. To be called before agents is read or written.';

create or replace function provisioning_key() returns bigint
language plpgsql
stable
set search_path from current
as $$
begin
  return pg_catalog.hashtextextended('crm provisioning', pg_catalog.to_regclass('agents')::oid::bigint);
end
$$;
comment on function provisioning_key() is 'Key of the advisory lock under which tables are made and dropped.';

create or replace function migration_key(prefix text) returns bigint
language plpgsql
stable
set search_path from current
as $$
begin
  return pg_catalog.hashtextextended('migration of ' || prefix, pg_catalog.to_regclass('agents')::oid::bigint);
end
$$;
comment on function migration_key(text) is 'Key of the advisory lock of whoever migrates, repairs or removes an agent.';

create or replace function taken_names(prefix text) returns text
language plpgsql
stable
set search_path from current
as $$
declare
  needed name[] := array(select n.name from needed_names(prefix) n);
  namespace oid := (select a.relnamespace from pg_class a where a.oid = pg_catalog.to_regclass('agents')::oid);
  held name[] := array(
    select c.relname from pg_class c where c.relname = any (needed) and c.relnamespace = namespace
    union
    select y.typname from pg_type y where y.typname = any (needed) and y.typnamespace = namespace
  );
begin
  if pg_catalog.cardinality(held) = 0 then
    return null;
  end if;
  return (
    select pg_catalog.string_agg(n.name, ', ' order by n.name)
    from needed_names(prefix) n
    where n.name = any (held) and not is_agent_table(prefix, n.suffix)
  );
end
$$;
comment on function taken_names(text) is 'The names that tables of this prefix would need and something else holds, or'
  ' null where all are free. An agent neither adopts nor drops what is not its own.';

create or replace function needed_names(prefix text) returns table (suffix text, name name)
language plpgsql
immutable
set search_path from current
as $$
begin
  return query
  select t.suffix, (prefix || '_' || t.suffix || e.ending)::name
  from pg_catalog.unnest(array['customers', 'messages', 'orders', 'orders_items']) as t (suffix)
  cross join pg_catalog.unnest(array['', '_id_seq', '_pkey']) as e (ending)
  union all
  select i.suffix, i.name
  from agent_indexes(prefix) as i;
end
$$;
comment on function needed_names(text) is 'The names of the tables of this prefix, and of their sequences and indexes.';

create or replace function agent_indexes(prefix text) returns table (suffix text, name name, columns text[])
language plpgsql
immutable
set search_path from current
as $$
begin
  return query
  select
    i.suffix,
    (prefix || '_' || i.suffix || '_' || pg_catalog.array_to_string(i.columns, '_') || '_idx')::name,
    i.columns
  from (
    values
      ('customers', array['agent_id']),
      ('customers', array['phone']),
      ('customers', array['created_at']),
      ('messages', array['customer_id']),
      ('messages', array['direction']),
      ('messages', array['timestamp']),
      ('messages', array['customer_id', 'timestamp']),
      ('orders', array['customer_id']),
      ('orders', array['status']),
      ('orders', array['created_at']),
      ('orders', array['customer_id', 'status']),
      ('orders_items', array['order_id'])
  ) as i (suffix, columns);
end
$$;
comment on function agent_indexes(text) is 'The indexes of the tables of this prefix: of which table, and of which of its'
  ' columns.';

create or replace function is_agent_table(prefix text, suffix text) returns boolean
language plpgsql
stable
set search_path from current
as $$
declare
  parent text := case suffix when 'orders_items' then 'orders' else 'customers' end;
begin
  if suffix = 'customers' then
    return agent_of_tables(prefix) is not null;
  end if;
  return exists (
    select
    from pg_class c
    join pg_constraint f on f.conrelid = c.oid and f.contype = 'f'
    join pg_class p on p.oid = f.confrelid and p.relname = prefix || '_' || parent and p.relnamespace = c.relnamespace
    where c.relname = prefix || '_' || suffix
      and c.relnamespace = (select a.relnamespace from pg_class a where a.oid = pg_catalog.to_regclass('agents')::oid)
  ) and is_agent_table(prefix, parent);
end
$$;
comment on function is_agent_table(text, text) is 'Whether {prefix}_{suffix} exists and belongs to an agent: it is'
  ' linked by foreign keys to a customers table that belongs to one.';

create or replace function agent_of_tables(prefix text) returns bigint
language plpgsql
stable
set search_path from current
set quote_all_identifiers = off
as $$
declare
  agents_table oid := pg_catalog.to_regclass('agents')::oid;
  -- A table that references no agent is somebody else's.
  customers_table oid := (
    select c.oid
    from pg_class c
    where c.relname = prefix || '_customers'
      and c.relnamespace = (select a.relnamespace from pg_class a where a.oid = agents_table)
      and exists (
        select from pg_constraint f where f.conrelid = c.oid and f.contype = 'f' and f.confrelid = agents_table
      )
  );
begin
  if customers_table is null then
    return null;
  end if;
  return coalesce(
    (
      select t.agent_id
      from agent_tables t
      where t.customers = prefix || '_customers'
        and (
          has_agent_policy(customers_table)
          or exists (
            select
            from pg_constraint k
            where k.conrelid = customers_table and k.contype = 'c' and k.conname = prefix || '_customers_agent_id_check'
          )
        )
    ),
    -- Without an entry, what the constraint says: as it is printed with the setting above.
    (
      select pg_catalog.substring(pg_catalog.pg_get_expr(k.conbin, k.conrelid), '^[(]agent_id = ''?(-?[0-9]+)''?(?:::bigint)?[)]$')::bigint
      from pg_constraint k
      where k.conrelid = customers_table and k.contype = 'c' and k.conname = prefix || '_customers_agent_id_check'
    )
  );
end
$$;
comment on function agent_of_tables(text) is 'The id of the agent whose tables carry this prefix, or null where there'
  ' are none: agent_tables has it, if the table is linked to agents and guarded as only an agent''s is.';

create or replace function has_agent_policy(relation oid) returns boolean
language plpgsql
stable
set search_path from current
as $$
begin
  return exists (
    select
    from pg_policy p
    join pg_depend d on d.classid = 'pg_policy'::regclass::oid and d.objid = p.oid and d.refclassid = 'pg_proc'::regclass::oid
    where p.polrelid = relation and d.refobjid = pg_catalog.to_regprocedure('owns_agent(bigint)')::oid
  );
end
$$;
comment on function has_agent_policy(oid) is 'Whether a policy of this table asks owns_agent(), as only that of an agent''s'
  ' table does.';

create or replace function stray_tables(prefix text, suffixes text[]) returns text
language plpgsql
stable
set search_path from current
as $$
declare
  known text[] := array['customers', 'messages', 'orders', 'orders_items'];
begin
  if has_extensions() then
    known := pg_catalog.array_cat(known, array(select distinct made.suffix from agent_templates t, pg_catalog.unnest(t.tables) as made (suffix)));
  end if;
  return (
    select pg_catalog.string_agg(c.relname, ', ' order by c.relname)
    from pg_catalog.unnest(known) as k (suffix)
    join pg_class c on c.relname = prefix || '_' || k.suffix
      and c.relnamespace = (select a.relnamespace from pg_class a where a.oid = pg_catalog.to_regclass('agents')::oid)
    where k.suffix <> all (suffixes) and has_agent_policy(c.oid)
  );
end
$$;
comment on function stray_tables(text, text[]) is 'The tables that carry this prefix and are guarded as only an agent''s are,'
  ' without those named; null where there are none.';

-- Asking the catalogue which of the references to agents are of agents' own tables costs more, with some thousand
-- agents, than dropping one agent's tables. What is missing here is taken for the host's: slower to delete, and safe. A
-- name, not a regclass: whoever decodes the changes of this table for replication can't look into the catalogue.
create table if not exists agent_tables (
  agent_id bigint,
  customers text not null,
  constraint agent_tables_pkey primary key (agent_id),
  constraint agent_tables_customers_key unique (customers)
);
comment on table agent_tables is 'The name of each agent''s customers table, whose foreign key references agents. Kept by'
  ' create_agent_tables() and drop_agent_tables().';

-- Of older installations, where the column is a regclass.
do $$
begin
  if exists (
    select from pg_attribute c
    where c.attrelid = 'agent_tables'::regclass::oid and c.attname = 'customers' and c.atttypid = 'regclass'::regtype::oid
  ) then
    alter table agent_tables alter column customers type text using customers::oid::text;
    delete from agent_tables t where not exists (select from pg_class c where c.oid::text = t.customers);
    update agent_tables t set customers = c.relname from pg_class c where c.oid::text = t.customers;
    alter table agent_tables add constraint agent_tables_customers_key unique (customers);
  end if;
end
$$;

do $$
begin
  if not (select relrowsecurity from pg_class where oid = 'agent_tables'::regclass::oid) then
    alter table agent_tables enable row level security;
  end if;
  if not exists (select from pg_policy where polrelid = 'agent_tables'::regclass::oid and polname = 'agent_tables_select') then
    create policy agent_tables_select on agent_tables for select to service_role using (true);
    comment on policy agent_tables_select on agent_tables is 'Backends may look; only the owner''s functions write.';
  end if;
end
$$;
revoke all on agent_tables from public, anon, authenticated, service_role;
grant select on agent_tables to service_role;

create or replace function secure_agent_table(
  table_name text,
  agent_id bigint,
  description text,
  sequences name[] default null
)
returns void
language plpgsql
set search_path from current
as $$
declare
  relation oid := pg_catalog.to_regclass(pg_catalog.quote_ident(table_name))::oid;
  sequence name;
begin
  if description is not null then
    execute pg_catalog.format('comment on table %I is %L', table_name, description);
  end if;

  if not (select c.relrowsecurity from pg_class c where c.oid = relation) then
    execute pg_catalog.format('alter table %I enable row level security', table_name);
  end if;
  if not exists (select from pg_policy where polrelid = relation and polname = table_name || '_access') then
    execute pg_catalog.format(
      'create policy %I on %I for all to authenticated'
      ' using ((select owns_agent(%L::bigint))) with check ((select owns_agent(%L::bigint)))',
      table_name || '_access', table_name, agent_id, agent_id);
    execute pg_catalog.format('comment on policy %I on %I is %L', table_name || '_access', table_name,
      case
        when description is null then
          pg_catalog.format('Agent %s and admins only. Every row of this table is the agent''s.', agent_id)
        else
          pg_catalog.format('Agent %s and admins only. Asked once per query, which is as strict as following each row to its'
            ' agent: the customers table has CHECK (agent_id = %s), and every other row hangs on a customer by NOT NULL'
            ' foreign keys inside this agent''s tables.', agent_id, agent_id)
      end);
  end if;
  if not (select r.rolbypassrls from pg_roles r where r.rolname = 'service_role')
    and not exists (select from pg_policy where polrelid = relation and polname = table_name || '_service') then
    execute pg_catalog.format('create policy %I on %I for all to service_role using (true) with check (true)',
      table_name || '_service', table_name);
    execute pg_catalog.format('comment on policy %I on %I is %L', table_name || '_service', table_name,
      'Service role has full access. Made where service_role has no BYPASSRLS.');
  end if;

  -- First everything is revoked: default privileges may have handed out more, TRUNCATE and setval() among it, which
  -- row level security does not cover.
  execute pg_catalog.format('revoke all on %I from public, anon, authenticated, service_role', table_name);
  execute pg_catalog.format('grant select, insert, update, delete on %I to authenticated, service_role', table_name);
  foreach sequence in array coalesce(sequences, array[table_name || '_id_seq']::name[]) loop
    execute pg_catalog.format('revoke all on sequence %I from public, anon, authenticated, service_role', sequence);
    -- An identity column draws its ids without a right on the sequence, which would also let ids be burnt.
    if not exists (
      select
      from pg_depend d
      where d.classid = 'pg_class'::regclass::oid and d.objid = pg_catalog.to_regclass(pg_catalog.quote_ident(sequence))::oid
        and d.deptype = 'i'
    ) then
      execute pg_catalog.format('grant usage on sequence %I to authenticated, service_role', sequence);
    end if;
  end loop;
end
$$;
comment on function secure_agent_table(text, bigint, text, name[]) is 'Row level security, policy and privileges of one'
  ' of an agent''s tables: the one place where they are made. A null description leaves the comment as it is; without'
  ' names of sequences, it has one for the column id.';

create or replace function create_order_totals(prefix text) returns void
language plpgsql
set search_path from current
as $$
declare
  orders_table text := prefix || '_orders';
  items_table text := prefix || '_orders_items';
begin
  if not exists (
    select from pg_trigger where tgrelid = pg_catalog.to_regclass(pg_catalog.quote_ident(orders_table))::oid and tgname = 'keep_order'
  ) then
    execute pg_catalog.format('create trigger keep_order before insert or update on %I for each row'
      ' execute function keep_order(%L)', orders_table, items_table);
  end if;
  if not exists (
    select from pg_trigger where tgrelid = pg_catalog.to_regclass(pg_catalog.quote_ident(items_table))::oid and tgname = 'items_inserted'
  ) then
    execute pg_catalog.format('create trigger items_inserted after insert on %I referencing new table as new_items'
      ' for each statement execute function items_inserted(%L)', items_table, orders_table);
    execute pg_catalog.format('create trigger items_updated after update on %I referencing old table as old_items'
      ' new table as new_items for each statement execute function items_updated(%L)', items_table, orders_table);
    execute pg_catalog.format('create trigger items_deleted after delete on %I referencing old table as old_items'
      ' for each statement execute function items_deleted(%L)', items_table, orders_table);
    execute pg_catalog.format('create trigger items_truncated after truncate on %I'
      ' for each statement execute function items_truncated(%L)', items_table, orders_table);
  end if;
  execute pg_catalog.format('comment on table %I is %L', orders_table,
    pg_catalog.format('Orders of customers of agent %s; total_amount is the sum of the items, kept by triggers. Times are UTC.',
      prefix));
end
$$;
comment on function create_order_totals(text) is 'Makes the triggers that keep the order totals of one agent, and says so'
  ' in the comment on its orders.';

create or replace function keep_order() returns trigger
language plpgsql
security definer
set search_path from current
as $$
begin
  if tg_op = 'INSERT' then
    new.total_amount := 0; -- an order has no items before it exists
    return new;
  end if;
  if new.total_amount is null or new.total_amount is distinct from old.total_amount then
    -- PostgreSQL has locked the order before it fires this trigger, and this statement takes its snapshot after that:
    -- whatever a writer who held the lock before has committed is seen.
    execute pg_catalog.format('select coalesce(pg_catalog.sum(total), 0) from %I where order_id = $1', tg_argv[0])
    into new.total_amount
    using new.id;
  end if;
  new.updated_at := pg_catalog.timezone('utc', now());
  return new;
end
$$;
comment on function keep_order() is 'Trigger on {prefix}_orders: total_amount is the sum of the items, whatever is'
  ' written to it; updated_at is kept.';

create or replace function items_inserted() returns trigger
language plpgsql
security definer
set search_path from current
as $$
begin
  perform refresh_orders(tg_argv[0], (select pg_catalog.array_agg(distinct order_id) from new_items));
  return null;
end
$$;
comment on function items_inserted() is 'Trigger on {prefix}_orders_items: keeps the totals of the orders.';

create or replace function items_updated() returns trigger
language plpgsql
security definer
set search_path from current
as $$
begin
  perform refresh_orders(tg_argv[0], (
    select pg_catalog.array_agg(order_id)
    from (select order_id from new_items union select order_id from old_items) as touched
  ));
  return null;
end
$$;
comment on function items_updated() is 'Trigger on {prefix}_orders_items: keeps the totals of the orders.';

create or replace function items_deleted() returns trigger
language plpgsql
security definer
set search_path from current
as $$
begin
  perform refresh_orders(tg_argv[0], (select pg_catalog.array_agg(distinct order_id) from old_items));
  return null;
end
$$;
comment on function items_deleted() is 'Trigger on {prefix}_orders_items: keeps the totals of the orders.';

create or replace function items_truncated() returns trigger
language plpgsql
security definer
set search_path from current
as $$
begin
  execute pg_catalog.format('update %I set total_amount = null where total_amount <> 0::numeric', tg_argv[0]);
  return null;
end
$$;
comment on function items_truncated() is 'Trigger on {prefix}_orders_items: keeps the totals of the orders.';

create or replace function refresh_orders(orders_table text, order_ids integer[]) returns void
language plpgsql
set search_path from current
as $$
begin
  if order_ids is null then
    return;
  end if;
  -- In the order of their ids, or two statements that touch the same orders deadlock. FOR UPDATE would deadlock with
  -- the KEY SHARE lock that the items' foreign key takes.
  execute pg_catalog.format('select from %I where id = any ($1) order by id for no key update', orders_table) using order_ids;
  execute pg_catalog.format('update %I set total_amount = null where id = any ($1)', orders_table) using order_ids;
end
$$;
comment on function refresh_orders(text, integer[]) is 'Has keep_order() compute the totals of these orders again.';

create or replace function add_agent_indexes(prefix text) returns void
language plpgsql
set search_path from current
set client_min_messages = 'warning'
as $$
declare
  missing record;
begin
  for missing in select i.suffix, i.name, i.columns from agent_indexes(prefix) as i loop
    execute pg_catalog.format('create index if not exists %I on %I (%s)', missing.name, prefix || '_' || missing.suffix, (
      -- Messages are read newest first.
      select pg_catalog.string_agg(pg_catalog.quote_ident(c.name) || case c.name when 'timestamp' then ' desc' else '' end, ', ' order by c.place)
      from pg_catalog.unnest(missing.columns) with ordinality as c (name, place)
    ));
  end loop;
end
$$;
comment on function add_agent_indexes(text) is 'Creates the indexes of an agent''s tables; those that exist stay. To be'
  ' called where the tables are known to be this agent''s.';

create or replace function remove_agent_tables(prefix text, agent_id bigint) returns void
language plpgsql
set search_path from current
as $$
declare
  suffixes text[] := lock_agent_tables(prefix, agent_id);
begin
  if suffixes is not null then
    perform drop_locked_tables(prefix, agent_id, suffixes);
  elsif has_extensions() then
    perform drop_agent_functions(prefix, agent_id);
  end if;
end
$$;
comment on function remove_agent_tables(text, bigint) is 'Drops the tables of this agent, and nothing that only has'
  ' their names. Waits as lock_agent_tables() does.';

create or replace function lock_agent_tables(prefix text, agent_id bigint) returns text[]
language plpgsql
set search_path from current
as $$
declare
  owner bigint := agent_of_tables(prefix);
  suffix text;
  suffixes text[] := array['orders_items', 'orders', 'messages', 'customers'];
  extra_suffixes text[] := array[]::text[]; -- of extensions
  stray text;
begin
  if owner <> agent_id then
    return null;
  end if;
  suffixes := array(select s from pg_catalog.unnest(suffixes) with ordinality as u (s, n) where is_agent_table(prefix, s) order by n);
  if has_extensions() then
    extra_suffixes := array(
      select distinct made.suffix
      from agent_versions v
      join agent_templates t on t.extension = v.extension and t.version = v.version
      cross join lateral pg_catalog.unnest(t.tables) as made (suffix)
      where v.agent_id = lock_agent_tables.agent_id
        and pg_catalog.to_regclass(pg_catalog.format('%I', prefix || '_' || made.suffix)) is not null
      order by 1
    );
  end if;
  -- Left behind, they would keep data of which everybody was told that it is gone.
  stray := stray_tables(prefix, pg_catalog.array_cat(extra_suffixes, suffixes));
  if stray is not null then
    raise exception 'agent % can''t be removed, because these tables of its are linked to it no more: %', prefix, stray
      using errcode = 'dependent_objects_still_exist',
        hint = 'Have the doctor repair them. If their rows may go, drop these tables by hand. Then try again.';
  end if;
  if owner is null then
    return null;
  end if;
  -- Once before anything is locked, and once more when this agent's tables are.
  perform await_holders_of_agents();
  -- This agent's tables first: waiting for them holds up nobody else. agents comes last and only briefly, because every
  -- statement of every agent queues behind the wait for it. A wait must be longer than deadlock_timeout, after which
  -- an autovacuum gives way.
  perform pg_catalog.set_config('lock_timeout', '3s', true);
  -- Behind whoever uses this agent through enter_agent(), which is where the key is explained, and whoever migrates it.
  perform
    pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(prefix, 'agents'::regclass::oid::bigint)),
    pg_catalog.pg_advisory_xact_lock(migration_key(prefix));
  foreach suffix in array pg_catalog.array_cat(extra_suffixes, suffixes) loop
    execute pg_catalog.format('lock table %I in access exclusive mode', prefix || '_' || suffix);
  end loop;
  perform await_holders_of_agents();
  perform pg_catalog.set_config('lock_timeout',
    case when exists (select from holders_of_agents() h where h.is_vacuum) then '1500ms' else '300ms' end, true);
  begin
    lock table agents in access exclusive mode;
  exception
    when lock_not_available then
      perform refuse_for_holders_of_agents(array(select h.transaction from holders_of_agents() h));
  end;
  return pg_catalog.array_cat(extra_suffixes, suffixes);
end
$$;
comment on function lock_agent_tables(text, bigint) is 'Locks the tables of this agent, and agents, for dropping them.'
  ' Tells what follows the prefix in their names, or null where the tables of this prefix are not this agent''s. Never'
  ' waits long: raises SQLSTATE 55P03 instead. To be called from functions that set lock_timeout.';

create or replace function await_holders_of_agents() returns void
language plpgsql
set search_path from current
as $$
declare
  present text[];
  seen text[];
  lasting text[];
begin
  -- To queue behind them would hold up everybody else. Statements come and go; who is there at two looks in a row may
  -- stay for long: a session that is idle in its transaction, a report.
  for look in 1..20 loop
    present := array(select h.transaction from holders_of_agents() h where not h.is_vacuum);
    lasting := array(select p from pg_catalog.unnest(present) as p where p = any (seen));
    if pg_catalog.cardinality(present) = 0 or look > 1 and pg_catalog.cardinality(lasting) = 0 then
      return;
    end if;
    seen := present;
    perform pg_catalog.pg_sleep(0.05);
  end loop;
  perform refuse_for_holders_of_agents(lasting);
end
$$;
comment on function await_holders_of_agents() is 'Waits for those who hold agents for longer than a statement, a second at'
  ' most, without a place in the queue for it; then raises SQLSTATE 55P03, which names them.';

create or replace function holders_of_agents() returns table (transaction text, pid integer, is_vacuum boolean)
language plpgsql
set search_path from current
as $$
begin
  return query
  select l.virtualtransaction, l.pid, pg_catalog.bool_or(l.mode = 'ShareUpdateExclusiveLock')
  from pg_locks l
  where l.locktype = 'relation' and l.granted and l.relation = pg_catalog.to_regclass('agents')::oid
    and l.database = (select d.oid from pg_database d where d.datname = current_database())
    and l.pid is distinct from pg_backend_pid()
  group by l.virtualtransaction, l.pid;
end
$$;
comment on function holders_of_agents() is 'The other transactions that hold a lock on agents, and whether one is a VACUUM or'
  ' an ANALYZE: an autovacuum gives way to who waits longer than deadlock_timeout. A prepared one has no pid.';

create or replace function refuse_for_holders_of_agents(transactions text[]) returns void
language plpgsql
set search_path from current
as $$
declare
  named text;
begin
  -- What a session does is told to members of its role and of pg_read_all_stats only.
  select pg_catalog.string_agg(
    coalesce('process ' || h.pid, 'a prepared transaction')
      || coalesce(' (' || nullif(pg_catalog.concat_ws(', ', nullif(a.application_name, ''), a.state), '') || ')', ''),
    ', ' order by a.xact_start, h.pid)
  into named
  from holders_of_agents() h
  left join pg_stat_activity a on a.pid = h.pid
  where h.transaction = any (transactions);
  raise exception 'agents is held by another transaction: %', coalesce(named, 'it has just ended')
    using errcode = 'lock_not_available',
      hint = 'Try again when that has ended, or end it: select pg_catalog.pg_terminate_backend(<process>).';
end
$$;
comment on function refuse_for_holders_of_agents(text[]) is 'Raises SQLSTATE 55P03 with the names of these transactions.';

create or replace function drop_locked_tables(prefix text, agent_id bigint, suffixes text[]) returns void
language plpgsql
set search_path from current
as $$
declare
  reference record;
  suffix text;
begin
  -- Tables of extensions may refer to each other, and columns that an extension adds to the four to them.
  for reference in
    select c.relname as table_name, f.conname as name
    from pg_catalog.unnest(suffixes) as e (suffix)
    join pg_class c on c.oid = pg_catalog.to_regclass(pg_catalog.format('%I', prefix || '_' || e.suffix))::oid
    join pg_constraint f on f.conrelid = c.oid and f.contype = 'f' and f.conparentid = 0
    where f.confrelid = any (
      array(
        select pg_catalog.to_regclass(pg_catalog.format('%I', prefix || '_' || x.suffix))::oid
        from pg_catalog.unnest(suffixes) as x (suffix)
        where x.suffix not in ('customers', 'messages', 'orders', 'orders_items')
      )
    )
  loop
    execute pg_catalog.format('alter table %I drop constraint %I', reference.table_name, reference.name);
  end loop;
  foreach suffix in array suffixes loop
    -- A partition has gone with its table.
    execute pg_catalog.format('drop table if exists %I', prefix || '_' || suffix);
  end loop;
  delete from agent_tables t where t.agent_id = drop_locked_tables.agent_id;
  if has_extensions() then
    perform drop_agent_functions(prefix, agent_id);
    delete from agent_versions v where v.agent_id = drop_locked_tables.agent_id;
    delete from agent_failures f where f.agent_id = drop_locked_tables.agent_id;
  end if;
  perform pg_catalog.pg_notify('pgrst', 'reload schema');
end
$$;
comment on function drop_locked_tables(text, bigint, text[]) is 'Drops the tables that lock_agent_tables() has locked, and'
  ' what is known of the agent''s extensions.';

create or replace function drop_agent_functions(prefix text, agent_id bigint, suffixes text[] default null) returns void
language plpgsql
set search_path from current
as $$
declare
  signature regprocedure;
begin
  -- Of what an agent can have, not of what its ledger claims. By their names, each of which the index finds; whose they are,
  -- their comments say.
  for signature in
    select p.oid::regprocedure
    from (
      select distinct made.suffix from agent_templates t cross join lateral pg_catalog.unnest(t.functions) as made (suffix)
    ) as m
    join pg_proc p on p.proname = (prefix || '_' || m.suffix)::name
    join pg_namespace n on n.oid = p.pronamespace and n.nspname = current_schema()
    where (suffixes is null or m.suffix = any (suffixes))
      and pg_catalog.starts_with(
        pg_catalog.obj_description(p.oid, 'pg_proc'), pg_catalog.format('Function of agent %s.', agent_id))
  loop
    execute pg_catalog.format('drop function %s', signature);
  end loop;
end
$$;
comment on function drop_agent_functions(text, bigint, text[]) is 'Drops the functions that extensions have made for this agent:'
  ' all of them, or those named. To be called when no table uses them any more.';

create or replace function drop_tables_of_deleted_agent() returns trigger
language plpgsql
security definer
set search_path from current
set lock_timeout = '3s'
as $$
begin
  -- A row that was put back in the same transaction has its tables still.
  if not exists (select from agents a where a.id = old.id and a.agent_prefix::text = old.agent_prefix::text) then
    perform remove_agent_tables(old.agent_prefix::text, old.id);
    -- Not of a user who has got another agent in the same transaction.
    update whatsapp_configuration w
    set is_active = false
    where w.user_id = old.user_id and w.is_active and not exists (select from agents a where a.user_id = old.user_id);
    delete from agent_members m where m.agent_id = old.id;
    update agent_numbers n set released_at = clock_timestamp() where n.agent_id = old.id and n.released_at is null;
  end if;
  return null;
end
$$;
comment on function drop_tables_of_deleted_agent() is 'Trigger: drops the tables of an agent whose row was deleted by a'
  ' plain DELETE; left behind, they would block the prefix for ever. Deactivates its user''s WhatsApp configuration,'
  ' removes its members and frees its numbers, as delete_agent() does.';

create or replace function refuse_unqueued_change() returns trigger
language plpgsql
security definer
set search_path from current
as $$
begin
  -- A plain INSERT or DELETE has its lock on agents already. Waiting for the queue now would be the deadlock.
  if not pg_catalog.pg_try_advisory_xact_lock(provisioning_key()) then
    raise exception 'agents are being made or deleted by another transaction'
      using errcode = 'lock_not_available',
        hint = 'Use create_agent() and delete_agent(), which wait their turn, or try again.';
  end if;
  return null;
end
$$;
comment on function refuse_unqueued_change() is 'Trigger: turns the deadlock of concurrent plain INSERTs and DELETEs on'
  ' agents into SQLSTATE 55P03.';

revoke all on function create_tables_of_new_agent(), require_admin(text), is_backend(), check_prefix(text), is_prefix(text),
  enter_provisioning(), provisioning_key(), migration_key(text), taken_names(text), needed_names(text),
  agent_indexes(text), is_agent_table(text, text), agent_of_tables(text), has_agent_policy(oid),
  stray_tables(text, text[]), has_extensions(),
  secure_agent_table(text, bigint, text, name[]), create_order_totals(text), keep_order(), items_inserted(),
  items_updated(), items_deleted(), items_truncated(), refresh_orders(text, integer[]), add_agent_indexes(text),
  remove_agent_tables(text, bigint), lock_agent_tables(text, bigint), await_holders_of_agents(), holders_of_agents(),
  refuse_for_holders_of_agents(text[]), drop_locked_tables(text, bigint, text[]),
  drop_agent_functions(text, bigint, text[]), drop_tables_of_deleted_agent(), refuse_unqueued_change()
  from public, anon, authenticated, service_role;

do $$
begin
  if not exists (select from pg_trigger where tgrelid = 'agents'::regclass::oid and tgname = 'refuse_unqueued_change') then
    create trigger refuse_unqueued_change before insert or delete on agents
      for each statement execute function refuse_unqueued_change();
  end if;
  if not exists (
    select from pg_trigger where tgrelid = 'agents'::regclass::oid and tgname = 'trigger_create_agent_tables'
  ) then
    create trigger trigger_create_agent_tables after insert on agents
      for each row execute function create_tables_of_new_agent();
  end if;
  comment on trigger trigger_create_agent_tables on agents is 'Creates the tables and indexes of a new agent.';
  -- Deferred: as long as the statement's cascades into the agent's tables are pending, these can't be dropped. (After
  -- set constraints all immediate, a DELETE of an agent with customers is therefore refused: pending trigger events.)
  if not exists (
    select from pg_trigger where tgrelid = 'agents'::regclass::oid and tgname = 'drop_tables_of_deleted_agent'
  ) then
    create constraint trigger drop_tables_of_deleted_agent after delete on agents
      deferrable initially deferred
      for each row execute function drop_tables_of_deleted_agent();
  end if;
end
$$;

-- What agents of an older installation lack: the entry in agent_tables, and after migration 003 by psql the triggers that
-- keep the totals.
do $$
declare
  prefix text;
begin
  insert into agent_tables (agent_id, customers)
  select a.id, c.relname
  from agents a
  join pg_class c on c.relname = a.agent_prefix::text || '_customers'
    and c.relnamespace = (select r.relnamespace from pg_class r where r.oid = 'agents'::regclass::oid)
  where not exists (select from agent_tables t where t.agent_id = a.id) and agent_of_tables(a.agent_prefix::text) = a.id;

  for prefix in
    select a.agent_prefix
    from agents a
    join pg_class c on c.relname = a.agent_prefix::text || '_orders'
      and c.relnamespace = (select r.relnamespace from pg_class r where r.oid = 'agents'::regclass::oid)
    join pg_attribute t on t.attrelid = c.oid and t.attname = 'total_amount' and not t.attisdropped
    where not exists (select from pg_trigger g where g.tgrelid = c.oid and g.tgname = 'keep_order')
    order by a.id
  loop
    perform create_order_totals(prefix);
  end loop;
end
$$;

-- What a restore without privileges, or into a server without the roles, has left out of agents' tables. Policies hang on the
-- roles, and where one is missing, a statement that makes it ends in an error.
do $$
declare
  damaged record;
begin
  for damaged in
    select a.id, c.relname, obj_description(c.oid, 'pg_class') as description, p.oid is null as has_no_policy
    from agents a
    cross join unnest(array['customers', 'messages', 'orders', 'orders_items']) as s (suffix)
    join pg_class c on c.relname = a.agent_prefix::text || '_' || s.suffix
      and c.relnamespace = (select r.relnamespace from pg_class r where r.oid = 'agents'::regclass::oid)
    left join pg_policy p on p.polrelid = c.oid and p.polname = c.relname::text || '_access'
    where (p.oid is null or not has_table_privilege('authenticated', c.oid, 'select'))
      and agent_of_tables(a.agent_prefix::text) = a.id
    order by a.id
  loop
    perform secure_agent_table(damaged.relname::text, damaged.id,
      case when damaged.has_no_policy then damaged.description end);
  end loop;
end
$$;

commit;
