create table {shifts} (
  id bigint generated always as identity primary key,
  begins_at timestamptz not null
);
