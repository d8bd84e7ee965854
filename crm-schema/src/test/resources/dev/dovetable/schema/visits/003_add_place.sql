alter table {visits} add column place text not null default 'shop';
drop index {visits_day_idx};
create index {visits_place_day_idx} on {visits} (place, day);
create table {visits_notes} (
  id bigint generated always as identity primary key,
  visit_id bigint not null references {visits} (id) on delete cascade,
  note text not null
);
alter table {orders} add column visit_id bigint references {visits} (id) on delete set null;
create index {orders_visit_id_idx} on {orders} (visit_id);
alter table {visits_notes} add column updated_at timestamp with time zone;
create trigger touch before update on {visits_notes}
  for each row execute function {crm}.touch_updated_at();
