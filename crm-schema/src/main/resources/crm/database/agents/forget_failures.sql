-- Failures of agents that lack nothing any more.
delete from agent_failures f
where not exists (select from outdated_agents() o where o.id = f.agent_id);
