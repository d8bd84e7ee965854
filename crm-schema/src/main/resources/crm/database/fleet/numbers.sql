select n.phone_number_id::text as number, a.agent_prefix::text as prefix
from agent_numbers n
join agents a on a.id = n.agent_id
where n.released_at is null and n.is_active;
