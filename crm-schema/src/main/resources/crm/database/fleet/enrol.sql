insert into fleet_databases (database_name, number)
select ?, coalesce((select max(d.number) + 1 from fleet_databases d), 0)
on conflict (database_name) do nothing;
