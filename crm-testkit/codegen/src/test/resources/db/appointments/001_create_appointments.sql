create table {appointments} (
  id bigint generated always as identity primary key,
  customer_id integer not null references {customers} (id) on delete cascade,
  state appointment_state not null,
  starts_at timestamp without time zone not null,
  made_at timestamp with time zone not null default now()
);
alter table {customers} add column email text;
