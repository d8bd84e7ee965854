create table {parcels} (
  customer_id integer primary key references {customers} (id) on delete cascade,
  weight integer not null
);
