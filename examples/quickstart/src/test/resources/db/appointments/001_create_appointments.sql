create table {appointments} (
  id bigint generated always as identity primary key,
  customer_id integer not null references {customers} (id) on delete cascade,
  starts_at timestamp without time zone not null
);
create index {appointments_starts_at_idx} on {appointments} (starts_at);
alter table {customers} add column email text;
