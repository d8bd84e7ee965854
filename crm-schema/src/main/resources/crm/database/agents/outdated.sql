-- The agents that miss a version, and whether indexes may be among what they miss. In the private schema. Parameter: the
-- extension; '' for any.
select id, agent_prefix, missing, exists (select from agent_templates t where t.indexes <> '{}') as may_await_indexes
from outdated_agents(nullif(?::text, ''))
