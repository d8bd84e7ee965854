insert into {prefix}_customers (agent_id, name, phone)
select a.id, 'Customer ' || n, (12025550000 + n)::text
from agents a
cross join generate_series(1, ?) as n
where a.agent_prefix = '{prefix}'
