-- Rows get their ids in the order of the arrays.
insert into {0} (agent_id, name, phone, created_at)
select {1}, wanted.name, wanted.phone, wanted.created_at
from unnest({2}, {3}, {4}) with ordinality as wanted (name, phone, created_at, place)
order by wanted.place
