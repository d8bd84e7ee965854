alter table {parcels} alter column weight type text;
