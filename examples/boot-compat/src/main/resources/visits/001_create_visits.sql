create table {visits} (
  id bigint generated always as identity primary key,
  customer_id integer not null references {customers} (id) on delete cascade,
  at timestamp without time zone not null
);
