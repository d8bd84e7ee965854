select d.database_name, d.number
from fleet_databases d
order by d.number;
