-- The agent with a prefix whose import was cut off. Parameter: the prefix.
select a.id
from agents a
join agent_versions v on v.agent_id = a.id and v.extension = '(import)'
where a.agent_prefix::text = ?
