select jsonb_build_object('sub', a.user_id, 'role', 'authenticated')
from agents a
where a.agent_prefix = '{prefix}'
