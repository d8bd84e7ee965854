create table {visits} (
  id bigint generated always as identity primary key,
  customer_id integer not null references {customers} (id) on delete cascade,
  starts_at timestamp without time zone not null,
  ends_at timestamp without time zone not null check (ends_at > starts_at)
);
create table {visits_photos} (
  visit_id bigint not null references {visits} (id) on delete cascade,
  photo uuid primary key
);
alter table {customers} add column email text;
