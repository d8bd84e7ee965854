alter table {orders} add column packed_by uuid;
comment on column {orders}.packed_by is 'users.id, without a foreign key: a colleague may go.';
create table {products} (
  id bigint generated always as identity primary key,
  name text not null,
  price numeric(10, 2) not null
);
