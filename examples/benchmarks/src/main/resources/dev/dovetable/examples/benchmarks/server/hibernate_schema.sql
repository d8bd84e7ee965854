-- The agent's four tables once more, in a schema of their own: same columns, constraints, indexes and rows.
begin;
create schema {prefix}_schema;
set local search_path = {prefix}_schema;
create table customers (like public.{prefix}_customers including all);
create table messages (like public.{prefix}_messages including all);
create table orders (like public.{prefix}_orders including all);
create table order_items (like public.{prefix}_orders_items including all);
insert into customers select * from public.{prefix}_customers;
insert into messages select * from public.{prefix}_messages;
alter table messages add foreign key (customer_id) references customers (id) on delete cascade;
alter table orders add foreign key (customer_id) references customers (id) on delete cascade;
alter table order_items add foreign key (order_id) references orders (id) on delete cascade;
create sequence customers_id_seq;
create sequence messages_id_seq increment by 1000;
create sequence orders_id_seq;
create sequence order_items_id_seq;
select
  setval('customers_id_seq', coalesce((select max(id) from customers), 0) + 1),
  setval('messages_id_seq', coalesce((select max(id) from messages), 0) + 1);
alter table customers alter column id set default nextval('customers_id_seq');
alter table messages alter column id set default nextval('messages_id_seq');
alter table orders alter column id set default nextval('orders_id_seq');
alter table order_items alter column id set default nextval('order_items_id_seq');
commit;
