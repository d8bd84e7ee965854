create table {visits} (
  id bigint generated always as identity primary key,
  customer_id integer not null references {customers} (id) on delete cascade,
  order_id integer references {orders} (id) on delete set null,
  day date not null
);
create index {visits_day_idx} on {visits} (day);
create index {visits_customer_id_day_idx} on {visits} (customer_id, day);
alter table {customers} add column last_visit date;
comment on table {visits} is 'Visits of customers';
