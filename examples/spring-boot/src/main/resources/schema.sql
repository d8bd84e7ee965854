-- This application's own table, beside the CRM's.
create table if not exists handovers (
  id bigint generated always as identity primary key,
  from_agent text not null,
  to_agent text not null,
  customer_id integer,
  reason text not null,
  done_by text,
  check (customer_id is null or reason <> '')
);
