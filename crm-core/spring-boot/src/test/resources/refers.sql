-- An application's own table, which refers to one of the CRM's.
create table shifts (
  user_id uuid not null references users (id),
  begins_at timestamptz not null
);
