-- Everything that create_agent() leaves behind, in one string: what a program would send that knows each name. The test
-- compares the two.
begin;
set local session_replication_role = replica; -- or the trigger on agents would make the tables
insert into agents (id, user_id, agent_prefix, created_by)
select {agent_id}, u.id, '{prefix}', a.id
from users u
cross join users a
where u.email = '{prefix}@crm.example' and a.role = 'admin';
set local session_replication_role = origin;

create table {prefix}_customers (
  id serial,
  agent_id bigint not null,
  name text not null,
  phone text not null,
  created_at timestamp without time zone default timezone('utc', now()),
  constraint {prefix}_customers_pkey primary key (id),
  constraint {prefix}_customers_agent_id_fkey foreign key (agent_id) references agents (id) on delete cascade,
  constraint {prefix}_customers_agent_id_check check (agent_id = '{agent_id}')
);
insert into crm_private.agent_tables (agent_id, customers) values ({agent_id}, '{prefix}_customers');
comment on table {prefix}_customers is 'Customers of agent {prefix}. Times are UTC.';
alter table {prefix}_customers enable row level security;
create policy {prefix}_customers_access on {prefix}_customers for all to authenticated
  using ((select crm_private.owns_agent('{agent_id}'))) with check ((select crm_private.owns_agent('{agent_id}')));
comment on policy {prefix}_customers_access on {prefix}_customers is 'Agent {agent_id} and admins only. Asked once per query, which is as strict as'
  ' following each row to its agent: the customers table has CHECK (agent_id = {agent_id}), and every other row hangs'
  ' on a customer by NOT NULL foreign keys inside this agent''s tables.';
revoke all on {prefix}_customers from public, anon, authenticated, service_role;
grant select, insert, update, delete on {prefix}_customers to authenticated, service_role;
revoke all on sequence {prefix}_customers_id_seq from public, anon, authenticated, service_role;
grant usage on sequence {prefix}_customers_id_seq to authenticated, service_role;

create table {prefix}_messages (
  id serial,
  customer_id integer not null,
  message text not null,
  direction varchar(10) not null,
  timestamp timestamp without time zone default timezone('utc', now()),
  constraint {prefix}_messages_pkey primary key (id),
  constraint {prefix}_messages_customer_id_fkey foreign key (customer_id) references {prefix}_customers (id) on delete cascade,
  constraint {prefix}_messages_direction_check check (direction in ('inbound', 'outbound'))
);
comment on table {prefix}_messages is 'Messages from and to customers of agent {prefix}. Times are UTC.';
alter table {prefix}_messages enable row level security;
create policy {prefix}_messages_access on {prefix}_messages for all to authenticated
  using ((select crm_private.owns_agent('{agent_id}'))) with check ((select crm_private.owns_agent('{agent_id}')));
comment on policy {prefix}_messages_access on {prefix}_messages is 'Agent {agent_id} and admins only. Asked once per query, which is as strict as'
  ' following each row to its agent: the customers table has CHECK (agent_id = {agent_id}), and every other row hangs'
  ' on a customer by NOT NULL foreign keys inside this agent''s tables.';
revoke all on {prefix}_messages from public, anon, authenticated, service_role;
grant select, insert, update, delete on {prefix}_messages to authenticated, service_role;
revoke all on sequence {prefix}_messages_id_seq from public, anon, authenticated, service_role;
grant usage on sequence {prefix}_messages_id_seq to authenticated, service_role;

create table {prefix}_orders (
  id serial,
  customer_id integer not null,
  total_amount decimal(10, 2) default 0,
  status varchar(50) default 'pending',
  notes text,
  shipping_address text,
  created_at timestamp without time zone default timezone('utc', now()),
  updated_at timestamp without time zone default timezone('utc', now()),
  constraint {prefix}_orders_pkey primary key (id),
  constraint {prefix}_orders_customer_id_fkey foreign key (customer_id) references {prefix}_customers (id) on delete cascade
);
comment on table {prefix}_orders is 'Orders of customers of agent {prefix}; total_amount is the sum of the items, kept by triggers. Times are UTC.';
alter table {prefix}_orders enable row level security;
create policy {prefix}_orders_access on {prefix}_orders for all to authenticated
  using ((select crm_private.owns_agent('{agent_id}'))) with check ((select crm_private.owns_agent('{agent_id}')));
comment on policy {prefix}_orders_access on {prefix}_orders is 'Agent {agent_id} and admins only. Asked once per query, which is as strict as'
  ' following each row to its agent: the customers table has CHECK (agent_id = {agent_id}), and every other row hangs'
  ' on a customer by NOT NULL foreign keys inside this agent''s tables.';
revoke all on {prefix}_orders from public, anon, authenticated, service_role;
grant select, insert, update, delete on {prefix}_orders to authenticated, service_role;
revoke all on sequence {prefix}_orders_id_seq from public, anon, authenticated, service_role;
grant usage on sequence {prefix}_orders_id_seq to authenticated, service_role;

create table {prefix}_orders_items (
  id serial,
  order_id integer not null,
  name text not null,
  quantity integer not null default 1,
  price decimal(10, 2) not null default 0,
  total decimal(10, 2) generated always as (quantity * price) stored,
  created_at timestamp without time zone default timezone('utc', now()),
  constraint {prefix}_orders_items_pkey primary key (id),
  constraint {prefix}_orders_items_order_id_fkey foreign key (order_id) references {prefix}_orders (id) on delete cascade,
  constraint {prefix}_orders_items_quantity_check check (quantity > 0),
  constraint {prefix}_orders_items_price_check check (price >= 0 and price <> 'NaN')
);
comment on table {prefix}_orders_items is 'Items of orders of agent {prefix}. Times are UTC.';
alter table {prefix}_orders_items enable row level security;
create policy {prefix}_orders_items_access on {prefix}_orders_items for all to authenticated
  using ((select crm_private.owns_agent('{agent_id}'))) with check ((select crm_private.owns_agent('{agent_id}')));
comment on policy {prefix}_orders_items_access on {prefix}_orders_items is 'Agent {agent_id} and admins only. Asked once per query, which is as strict as'
  ' following each row to its agent: the customers table has CHECK (agent_id = {agent_id}), and every other row hangs'
  ' on a customer by NOT NULL foreign keys inside this agent''s tables.';
revoke all on {prefix}_orders_items from public, anon, authenticated, service_role;
grant select, insert, update, delete on {prefix}_orders_items to authenticated, service_role;
revoke all on sequence {prefix}_orders_items_id_seq from public, anon, authenticated, service_role;
grant usage on sequence {prefix}_orders_items_id_seq to authenticated, service_role;

create trigger keep_order before insert or update on {prefix}_orders
  for each row execute function crm_private.keep_order('{prefix}_orders_items');
create trigger items_inserted after insert on {prefix}_orders_items referencing new table as new_items
  for each statement execute function crm_private.items_inserted('{prefix}_orders');
create trigger items_updated after update on {prefix}_orders_items
  referencing old table as old_items new table as new_items
  for each statement execute function crm_private.items_updated('{prefix}_orders');
create trigger items_deleted after delete on {prefix}_orders_items referencing old table as old_items
  for each statement execute function crm_private.items_deleted('{prefix}_orders');
create trigger items_truncated after truncate on {prefix}_orders_items
  for each statement execute function crm_private.items_truncated('{prefix}_orders');

create index {prefix}_customers_agent_id_idx on {prefix}_customers (agent_id);
create index {prefix}_customers_phone_idx on {prefix}_customers (phone);
create index {prefix}_customers_created_at_idx on {prefix}_customers (created_at);
create index {prefix}_messages_customer_id_idx on {prefix}_messages (customer_id);
create index {prefix}_messages_direction_idx on {prefix}_messages (direction);
create index {prefix}_messages_timestamp_idx on {prefix}_messages (timestamp desc);
create index {prefix}_messages_customer_id_timestamp_idx on {prefix}_messages (customer_id, timestamp desc);
create index {prefix}_orders_customer_id_idx on {prefix}_orders (customer_id);
create index {prefix}_orders_status_idx on {prefix}_orders (status);
create index {prefix}_orders_created_at_idx on {prefix}_orders (created_at);
create index {prefix}_orders_customer_id_status_idx on {prefix}_orders (customer_id, status);
create index {prefix}_orders_items_order_id_idx on {prefix}_orders_items (order_id);

insert into crm_private.agent_versions (agent_id, extension, version, checksum, duration_ms)
select {agent_id}, t.extension, t.version, t.checksum, 0
from crm_private.agent_templates t
where t.extension = 'crm';
commit;
