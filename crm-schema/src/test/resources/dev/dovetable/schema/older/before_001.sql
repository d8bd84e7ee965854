-- An installation from before migration 001, in schema public on a server that has the roles and schema auth: users, agents,
-- and the tables of two agents with data. There is no whatsapp_configuration, orders have no total_amount and nothing
-- keeps totals. Functions are those of that time, and take and give what they did then.

create type role as enum ('admin', 'agent');
comment on type role is 'Roles.';

create table users (
  id uuid default gen_random_uuid(),
  name varchar(255) not null,
  email varchar(255) not null,
  role role not null,
  created_at timestamptz default current_timestamp,
  constraint users_pkey primary key (id),
  constraint users_email_key unique (email)
);

create table agents (
  id bigserial,
  agent_prefix varchar(20) not null,
  created_at timestamptz default current_timestamp,
  user_id uuid,
  created_by uuid not null,
  constraint agents_pkey primary key (id),
  constraint agents_agent_prefix_key unique (agent_prefix),
  constraint agents_agent_prefix_check check (agent_prefix ~ '^[a-z][a-z0-9_]{0,19}$'),
  constraint agents_user_id_fkey foreign key (user_id) references users (id) on delete set null,
  constraint agents_created_by_fkey foreign key (created_by) references users (id) on delete set null
);
comment on table agents is 'Agents.';

-- What Supabase's older default privileges handed out.
grant all on users, agents to anon, authenticated, service_role;
grant all on sequence agents_id_seq to anon, authenticated, service_role;

create schema crm_private;
grant usage on schema crm_private to authenticated, service_role;

create function crm_private.is_admin() returns boolean
language plpgsql
stable
set search_path to crm_private, public, pg_temp
as $$
begin
  return exists (select from users where id = auth.uid() and role = 'admin');
end
$$;

create function crm_private.owns_agent(agent_id bigint) returns boolean
language plpgsql
stable
set search_path to crm_private, public, pg_temp
as $$
begin
  return exists (select from agents a where a.id = owns_agent.agent_id and a.user_id = auth.uid());
end
$$;

create function crm_private.touch_updated_at() returns trigger
language plpgsql
as $$
begin
  new.updated_at := now();
  return new;
end
$$;

create function crm_private.keep_agent_identity() returns trigger
language plpgsql
as $$
begin
  if new.agent_prefix <> old.agent_prefix then
    raise exception 'agent_prefix is immutable';
  end if;
  return new;
end
$$;

create trigger keep_agent_identity before update on agents
  for each row execute function crm_private.keep_agent_identity();

alter table users enable row level security;
create policy users_select on users for select to authenticated using (true);

alter table agents enable row level security;
create policy agents_select on agents for select to authenticated using (true);
create policy agents_insert on agents for insert to authenticated
  with check ((select crm_private.is_admin()) and created_by = (select auth.uid()));
create policy agents_update on agents for update to authenticated
  using (
    user_id = (select auth.uid()) or created_by = (select auth.uid()) or (select crm_private.is_admin())
  )
  with check (
    user_id = (select auth.uid()) or created_by = (select auth.uid()) or (select crm_private.is_admin())
  );
create policy agents_delete on agents for delete to authenticated
  using (
    user_id = (select auth.uid()) or created_by = (select auth.uid()) or (select crm_private.is_admin())
  );

create function create_agent_indexes(prefix text) returns void
language plpgsql
as $$
begin
  execute format('create index %I on %I (agent_id)', prefix || '_customers_agent_id_idx', prefix || '_customers');
  execute format('create index %I on %I (phone)', prefix || '_customers_phone_idx', prefix || '_customers');
  execute format('create index %I on %I (created_at)', prefix || '_customers_created_at_idx', prefix || '_customers');

  execute format('create index %I on %I (customer_id)', prefix || '_messages_customer_id_idx', prefix || '_messages');
  execute format('create index %I on %I (direction)', prefix || '_messages_direction_idx', prefix || '_messages');
  execute format('create index %I on %I (timestamp desc)', prefix || '_messages_timestamp_idx', prefix || '_messages');
  execute format('create index %I on %I (customer_id, timestamp desc)',
    prefix || '_messages_customer_id_timestamp_idx', prefix || '_messages');

  execute format('create index %I on %I (customer_id)', prefix || '_orders_customer_id_idx', prefix || '_orders');
  execute format('create index %I on %I (status)', prefix || '_orders_status_idx', prefix || '_orders');
  execute format('create index %I on %I (created_at)', prefix || '_orders_created_at_idx', prefix || '_orders');
  execute format('create index %I on %I (customer_id, status)',
    prefix || '_orders_customer_id_status_idx', prefix || '_orders');

  execute format('create index %I on %I (order_id)', prefix || '_orders_items_order_id_idx', prefix || '_orders_items');
end
$$;

create function create_agent_tables(prefix text, agent_id bigint) returns void
language plpgsql
as $$
declare
  suffix text;
  table_name text;
begin
  execute format(
    'create table %I ('
    ' id serial,'
    ' agent_id bigint not null,'
    ' name text not null,'
    ' phone text not null,'
    ' created_at timestamp without time zone default timezone(''utc'', now()),'
    ' constraint %I primary key (id),'
    ' constraint %I foreign key (agent_id) references agents (id) on delete cascade,'
    ' constraint %I check (agent_id = %L))',
    prefix || '_customers', prefix || '_customers_pkey', prefix || '_customers_agent_id_fkey',
    prefix || '_customers_agent_id_check', agent_id);
  execute format('comment on table %I is %L', prefix || '_customers',
    format('Customers of agent %s. Times are UTC.', prefix));

  execute format(
    'create table %I ('
    ' id serial,'
    ' customer_id integer not null,'
    ' message text not null,'
    ' direction varchar(10) not null,'
    ' timestamp timestamp without time zone default timezone(''utc'', now()),'
    ' constraint %I primary key (id),'
    ' constraint %I foreign key (customer_id) references %I (id) on delete cascade,'
    ' constraint %I check (direction in (''inbound'', ''outbound'')))',
    prefix || '_messages', prefix || '_messages_pkey', prefix || '_messages_customer_id_fkey', prefix || '_customers',
    prefix || '_messages_direction_check');
  execute format('comment on table %I is %L', prefix || '_messages',
    format('Messages from and to customers of agent %s. Times are UTC.', prefix));

  execute format(
    'create table %I ('
    ' id serial,'
    ' customer_id integer not null,'
    ' status varchar(50) default ''pending'','
    ' notes text,'
    ' shipping_address text,'
    ' created_at timestamp without time zone default timezone(''utc'', now()),'
    ' updated_at timestamp without time zone default timezone(''utc'', now()),'
    ' constraint %I primary key (id),'
    ' constraint %I foreign key (customer_id) references %I (id) on delete cascade)',
    prefix || '_orders', prefix || '_orders_pkey', prefix || '_orders_customer_id_fkey', prefix || '_customers');
  execute format('comment on table %I is %L', prefix || '_orders',
    format('Orders of customers of agent %s. Times are UTC.', prefix));

  execute format(
    'create table %I ('
    ' id serial,'
    ' order_id integer not null,'
    ' name text not null,'
    ' quantity integer not null default 1,'
    ' price decimal(10, 2) not null default 0,'
    ' total decimal(10, 2) generated always as (quantity * price) stored,'
    ' created_at timestamp without time zone default timezone(''utc'', now()),'
    ' constraint %I primary key (id),'
    ' constraint %I foreign key (order_id) references %I (id) on delete cascade,'
    ' constraint %I check (quantity > 0),'
    ' constraint %I check (price >= 0 and price <> ''NaN''))',
    prefix || '_orders_items', prefix || '_orders_items_pkey', prefix || '_orders_items_order_id_fkey',
    prefix || '_orders', prefix || '_orders_items_quantity_check', prefix || '_orders_items_price_check');
  execute format('comment on table %I is %L', prefix || '_orders_items',
    format('Items of orders of agent %s. Times are UTC.', prefix));

  foreach suffix in array array['customers', 'messages', 'orders', 'orders_items'] loop
    table_name := prefix || '_' || suffix;
    execute format('alter table %I enable row level security', table_name);
    execute format(
      'create policy %I on %I for all to authenticated'
      ' using ((select crm_private.owns_agent(%L))) with check ((select crm_private.owns_agent(%L)))',
      table_name || '_access', table_name, agent_id, agent_id);
    execute format('comment on policy %I on %I is %L', table_name || '_access', table_name,
      format('Agent %s and admins only. Asked once per query, which is as strict as following each row to its agent:'
        ' the customers table has CHECK (agent_id = %s), and every other row hangs on a customer by NOT NULL foreign'
        ' keys inside this agent''s tables.', agent_id, agent_id));
    execute format('grant select, insert, update, delete on %I to authenticated, service_role', table_name);
    execute format('grant usage on sequence %I to authenticated, service_role', table_name || '_id_seq');
  end loop;

  perform create_agent_indexes(prefix);
end
$$;

create function drop_agent_tables(prefix text) returns void
language plpgsql
as $$
begin
  execute format('drop table if exists %I, %I, %I, %I',
    prefix || '_orders_items', prefix || '_orders', prefix || '_messages', prefix || '_customers');
end
$$;

create function crm_private.create_tables_of_new_agent() returns trigger
language plpgsql
set search_path to public, pg_temp
as $$
begin
  perform create_agent_tables(new.agent_prefix, new.id);
  return null;
end
$$;

create trigger trigger_create_agent_tables after insert on agents
  for each row execute function crm_private.create_tables_of_new_agent();

create function create_agent(user_id uuid, agent_prefix varchar, created_by uuid)
returns table (agent json, success boolean, message text)
language plpgsql
security definer
as $$
#variable_conflict use_column
begin
  insert into agents as a (agent_prefix, user_id, created_by)
  values (create_agent.agent_prefix, create_agent.user_id, create_agent.created_by)
  returning row_to_json(a) into agent;
  success := true;
  message := 'created';
  return next;
end
$$;

create function update_agent_details(agent_id integer, user_updates jsonb, agent_updates jsonb, current_user_id uuid)
returns json
language sql
security definer
as $$
  update users
  set name = user_updates ->> 'name'
  where id = (select user_id from agents where id = agent_id)
  returning row_to_json(users)
$$;

create function delete_agent(agent_id integer) returns boolean
language sql
security definer
as $$
  delete from agents where id = agent_id returning true
$$;

insert into users (id, name, email, role, created_at)
values
  ('00000000-0000-4000-8000-000000000001', 'Ada', 'ada@example.org', 'admin', '2025-01-01 08:00:00+00'),
  ('00000000-0000-4000-8000-000000000002', 'Ben', 'ben@example.org', 'agent', '2025-01-02 08:00:00+00'),
  ('00000000-0000-4000-8000-000000000003', 'Cem', 'cem@example.org', 'agent', '2025-01-03 08:00:00+00');

select create_agent('00000000-0000-4000-8000-000000000002', 'agt_6f78', '00000000-0000-4000-8000-000000000001');
select create_agent('00000000-0000-4000-8000-000000000003', 'agt_9b21', '00000000-0000-4000-8000-000000000001');

insert into agt_6f78_customers (agent_id, name, phone, created_at)
values
  (1, 'Dana', '+49 30 1', '2025-02-01 09:00:00'),
  (1, 'Emre', '+49 30 2', '2025-02-01 09:30:00');
insert into agt_6f78_messages (customer_id, message, direction, timestamp)
values
  (1, 'Are you open?', 'inbound', '2025-02-01 09:01:00.123456'),
  (1, 'Until six.', 'outbound', '2025-02-01 09:02:00.654321');
insert into agt_6f78_orders (customer_id, status, notes, shipping_address, created_at, updated_at)
values
  (1, 'pending', 'ring twice', 'Hauptstr. 1', '2025-02-02 10:00:00', '2025-02-02 10:05:00'),
  (2, 'shipped', null, null, '2025-02-03 10:00:00', '2025-02-04 11:00:00'),
  (2, 'cancelled', null, null, '2025-02-05 10:00:00', '2025-02-05 10:00:00');
insert into agt_6f78_orders_items (order_id, name, quantity, price, created_at)
values
  (1, 'Tea', 2, 4.50, '2025-02-02 10:00:00'),
  (1, 'Cup', 1, 12.00, '2025-02-02 10:01:00'),
  (2, 'Pot', 3, 19.99, '2025-02-03 10:00:00');

insert into agt_9b21_customers (agent_id, name, phone, created_at)
values (2, 'Finn', '+49 40 1', '2025-03-01 09:00:00');
insert into agt_9b21_messages (customer_id, message, direction, timestamp)
values (1, 'Hello', 'inbound', '2025-03-01 09:01:00');
insert into agt_9b21_orders (customer_id, created_at, updated_at)
values (1, '2025-03-02 10:00:00', '2025-03-02 10:00:00');
insert into agt_9b21_orders_items (order_id, name, quantity, price, created_at)
values (1, 'Lamp', 1, 89.90, '2025-03-02 10:00:00');
