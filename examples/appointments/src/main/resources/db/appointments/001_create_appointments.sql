create table {appointments} (
  id bigint generated always as identity primary key,
  customer_id integer not null references {customers} (id) on delete cascade,
  service text not null,
  starts_at timestamp without time zone not null,
  ends_at timestamp without time zone not null,
  constraint {appointments_ends_at_check} check (ends_at > starts_at)
);
comment on table {appointments} is 'Who comes when, and for what. Times are UTC.';
create index {appointments_starts_at_idx} on {appointments} (starts_at);
