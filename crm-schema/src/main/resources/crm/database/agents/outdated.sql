-- The agents that miss one of them. In the private schema.
select id, agent_prefix from outdated_agents()
