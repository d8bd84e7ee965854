select id, agent_id, name, phone, created_at
from {prefix}_customers
where phone = ?
order by id
limit 1
