alter table {appointments} add column cancelled_at timestamp without time zone;

-- There is one chair. A cancelled appointment leaves it to another.
alter table {appointments} add constraint {appointments_one_at_a_time_excl}
  exclude using gist (tsrange(starts_at, ends_at) with &&) where (cancelled_at is null);

alter table {customers} add column preferred_service text;
