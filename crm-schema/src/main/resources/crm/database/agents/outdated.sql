-- The agents that miss a version. In the private schema. Parameter: the extension; '' for any.
select id, agent_prefix, missing from outdated_agents(nullif(?::text, ''))
